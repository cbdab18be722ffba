//! How every panel and every state of the window and the kiosk looks, in both languages and both themes: drawn without a
//! screen, compared with the committed sheets in `sheets/`. A changed sheet is looked at, and then accepted by
//! `tests/snapshots/accept.sh`. The real window, as OpenGL draws it, is in `tests/window`.
#![allow(clippy::disallowed_methods, reason = "tests make files of their own")]

mod dialogs;
mod doubt;
mod kiosk;
mod live;
mod palette;
mod photos;
mod rasteriser;
mod sheet;
mod stage;
mod states;
mod tools;
