//! The window and the kiosk. One way: `model` is what they show, as plain data; `update` alone changes it; `session` owns
//! it with the background work (`background` the threads, `tasks` what they do); `views` draw it and send commands.

pub mod background;
mod cleared_photo;
mod cleared_pictures;
pub mod command;
mod dialogs;
mod event_order;
pub mod events;
mod file_manager;
mod first_state;
mod fonts;
mod icons;
mod keys;
pub mod kiosk;
pub mod model;
mod names;
pub mod observe;
mod outline_tiles;
pub mod overview;
mod paint_tiles;
mod pictures;
mod screenshot;
pub mod session;
pub mod settings;
mod start;
pub mod tasks;
pub mod theme;
mod tile_area;
mod tone_shader;
pub mod update;
mod views;
mod window;

pub use self::start::{run, run_observed};
pub use self::window::Window;
