//! The icons of `assets/fonts/Phosphor.ttf`, by name. Written by `assets/fonts/build.py`.

/// Phosphor's `arrow-counter-clockwise`.
pub(super) const ARROW_COUNTER_CLOCKWISE: &str = "\u{E038}";
/// Phosphor's `arrow-u-up-left`.
pub(super) const ARROW_U_UP_LEFT: &str = "\u{E08A}";
/// Phosphor's `arrow-u-up-right`.
pub(super) const ARROW_U_UP_RIGHT: &str = "\u{E08C}";
/// Phosphor's `arrows-counter-clockwise`.
pub(super) const ARROWS_COUNTER_CLOCKWISE: &str = "\u{E096}";
/// Phosphor's `arrows-horizontal`.
pub(super) const ARROWS_HORIZONTAL: &str = "\u{EB06}";
/// Phosphor's `arrows-in-simple`.
pub(super) const ARROWS_IN_SIMPLE: &str = "\u{E09E}";
/// Phosphor's `arrows-out-simple`.
pub(super) const ARROWS_OUT_SIMPLE: &str = "\u{E0A6}";
/// Phosphor's `camera`.
pub(super) const CAMERA: &str = "\u{E10E}";
/// Phosphor's `camera-slash`.
pub(super) const CAMERA_SLASH: &str = "\u{E110}";
/// Phosphor's `caret-down`.
pub(super) const CARET_DOWN: &str = "\u{E136}";
/// Phosphor's `caret-right`.
pub(super) const CARET_RIGHT: &str = "\u{E13A}";
/// Phosphor's `check`.
pub(super) const CHECK: &str = "\u{E182}";
/// Phosphor's `check-circle`.
pub(super) const CHECK_CIRCLE: &str = "\u{E184}";
/// Phosphor's `circle-dashed`.
pub(super) const CIRCLE_DASHED: &str = "\u{E602}";
/// Phosphor's `clock-counter-clockwise`.
pub(super) const CLOCK_COUNTER_CLOCKWISE: &str = "\u{E1A0}";
/// Phosphor's `columns`.
pub(super) const COLUMNS: &str = "\u{E546}";
/// Phosphor's `cpu`.
pub(super) const CPU: &str = "\u{E610}";
/// Phosphor's `dots-three`.
pub(super) const DOTS_THREE: &str = "\u{E1FE}";
/// Phosphor's `eraser`.
pub(super) const ERASER: &str = "\u{E21E}";
/// Phosphor's `eye-slash`.
pub(super) const EYE_SLASH: &str = "\u{E224}";
/// Phosphor's `floppy-disk`.
pub(super) const FLOPPY_DISK: &str = "\u{E248}";
/// Phosphor's `folder-open`.
pub(super) const FOLDER_OPEN: &str = "\u{E256}";
/// Phosphor's `gear-six`.
pub(super) const GEAR_SIX: &str = "\u{E272}";
/// Phosphor's `gradient`.
pub(super) const GRADIENT: &str = "\u{EB42}";
/// Phosphor's `image`.
pub(super) const IMAGE: &str = "\u{E2CA}";
/// Phosphor's `image-broken`.
pub(super) const IMAGE_BROKEN: &str = "\u{E7A8}";
/// Phosphor's `images`.
pub(super) const IMAGES: &str = "\u{E836}";
/// Phosphor's `info`.
pub(super) const INFO: &str = "\u{E2CE}";
/// Phosphor's `lasso`.
pub(super) const LASSO: &str = "\u{EDC6}";
/// Phosphor's `magnifying-glass-minus`.
pub(super) const MAGNIFYING_GLASS_MINUS: &str = "\u{E30E}";
/// Phosphor's `magnifying-glass-plus`.
pub(super) const MAGNIFYING_GLASS_PLUS: &str = "\u{E310}";
/// Phosphor's `minus`.
pub(super) const MINUS: &str = "\u{E32A}";
/// Phosphor's `moon`.
pub(super) const MOON: &str = "\u{E330}";
/// Phosphor's `paint-brush`.
pub(super) const PAINT_BRUSH: &str = "\u{E6F0}";
/// Phosphor's `paint-bucket`.
pub(super) const PAINT_BUCKET: &str = "\u{E392}";
/// Phosphor's `pause`.
pub(super) const PAUSE: &str = "\u{E39E}";
/// Phosphor's `pencil-simple`.
pub(super) const PENCIL_SIMPLE: &str = "\u{E3B4}";
/// Phosphor's `play`.
pub(super) const PLAY: &str = "\u{E3D0}";
/// Phosphor's `plugs`.
pub(super) const PLUGS: &str = "\u{EB56}";
/// Phosphor's `plus`.
pub(super) const PLUS: &str = "\u{E3D4}";
/// Phosphor's `polygon`.
pub(super) const POLYGON: &str = "\u{E6D0}";
/// Phosphor's `question`.
pub(super) const QUESTION: &str = "\u{E3E8}";
/// Phosphor's `repeat`.
pub(super) const REPEAT: &str = "\u{E3F6}";
/// Phosphor's `ruler`.
pub(super) const RULER: &str = "\u{E6B8}";
/// Phosphor's `split-horizontal`.
pub(super) const SPLIT_HORIZONTAL: &str = "\u{E872}";
/// Phosphor's `stack`.
pub(super) const STACK: &str = "\u{E466}";
/// Phosphor's `sun`.
pub(super) const SUN: &str = "\u{E472}";
/// Phosphor's `swap`.
pub(super) const SWAP: &str = "\u{E83C}";
/// Phosphor's `table`.
pub(super) const TABLE: &str = "\u{E476}";
/// Phosphor's `target`.
pub(super) const TARGET: &str = "\u{E47C}";
/// Phosphor's `timer`.
pub(super) const TIMER: &str = "\u{E492}";
/// Phosphor's `translate`.
pub(super) const TRANSLATE: &str = "\u{E4A2}";
/// Phosphor's `video-camera`.
pub(super) const VIDEO_CAMERA: &str = "\u{E4DA}";
/// Phosphor's `warning`.
pub(super) const WARNING: &str = "\u{E4E0}";
/// Phosphor's `warning-circle`.
pub(super) const WARNING_CIRCLE: &str = "\u{E4E2}";
/// Phosphor's `x`.
pub(super) const X: &str = "\u{E4F6}";
/// Phosphor's `x-circle`.
pub(super) const X_CIRCLE: &str = "\u{E4F8}";
