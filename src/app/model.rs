//! What the window shows, as plain data: what is open, shown and chosen. No textures, no threads, no files. Only
//! `update` and `session` change it.

pub mod agreement_table;
pub mod compare;
pub mod correction;
pub mod current;
pub mod display;
pub mod editing;
pub mod filmstrip;
pub mod geometry;
pub mod list_order;
pub mod live;
mod live_wish;
pub mod measure;
pub mod network;
pub mod notices;
pub mod preferences;
pub mod queue;
pub mod read_ahead;
pub mod report_fields;
pub mod restore_point;
pub mod review;
pub mod scale;
pub mod sections;
pub mod state;
