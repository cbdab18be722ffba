//! The kinds of files that are read, and how many bytes each may have: what is larger is none of ours, and is refused
//! before memory is taken for it.

/// What a file is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum FileKind {
    /// A photograph, a reference mask or another picture.
    Picture,
    /// Moving pictures that are played as a camera, read frame by frame.
    Video,
    /// The card of a network.
    Card,
    /// A network, for any engine.
    Network,
    /// A library that runs networks.
    EngineLibrary,
    /// A table that lists photographs.
    ImageList,
    /// Annotations of another program.
    Annotations,
    /// The results of a batch, photograph by photograph; read line by line.
    Results,
    /// The person's settings.
    Settings,
    /// The settings of a kiosk.
    KioskSettings,
    /// What a kiosk keeps between two starts.
    KioskState,
    /// What the system says of itself, below `/proc` and `/sys`.
    SystemFacts,
    /// `records.json`: reviews and calibrations.
    ReviewList,
    /// `format.json` of a records' folder.
    RecordsFormat,
    /// `audit.jsonl` of a records' folder.
    AuditLog,
    /// The lock of a records' folder.
    Lock,
    /// The journal of a mask's corrections.
    Journal,
}

impl FileKind {
    /// The most bytes that a file of this kind may have.
    #[must_use]
    pub const fn max_bytes(self) -> u64 {
        const KIB: u64 = 1 << 10;
        const MIB: u64 = 1 << 20;
        match self {
            // Above any uncompressed picture of 100 megapixels at 16 bits a channel.
            Self::Picture => 1024 * MIB,
            // An hour without compression at 1280x720 and 30 frames a second has 150 GB.
            Self::Video => 1 << 40,
            // The largest of the zoo has 1.3 MB; a light-weight network of 16 million 32-bit weights fits.
            Self::Network => 64 * MIB,
            // ONNX Runtime has 20 to 30 MB, with a GPU's kernels some hundred.
            Self::EngineLibrary => 1024 * MIB,
            // A line has some ten to hundred bytes: a million photographs.
            Self::ImageList => 64 * MIB,
            // Some 8 kB a photograph with all its measures: two million of them.
            Self::Results => 16 * 1024 * MIB,
            // A thousand photographs drawn point by point need a tenth of it.
            Self::Annotations => 256 * MIB,
            // Written by hand, or a few lines of our own.
            Self::Card | Self::Settings | Self::KioskSettings | Self::KioskState => MIB,
            // The list of what this process has mapped is the longest.
            Self::SystemFacts => 16 * MIB,
            // Some 600 bytes a photograph: a hundred thousand of them.
            Self::ReviewList => 64 * MIB,
            Self::RecordsFormat | Self::Lock => 64 * KIB,
            // Some 700 bytes an event; it is read only when the list is damaged.
            Self::AuditLog => 256 * MIB,
            // A history of 64 MiB and a mask, which an earlier version let grow to twice that before it was shortened.
            Self::Journal => 192 * MIB,
        }
    }

    /// Whether it lies among the records beside photographs, where a link is never followed.
    #[must_use]
    pub const fn is_of_records(self) -> bool {
        matches!(self, Self::ReviewList | Self::RecordsFormat | Self::AuditLog | Self::Lock | Self::Journal)
    }
}
