//! Photographs in formats that are known and not read, by their first bytes: they deserve another word than a file that is
//! no photograph at all.

/// The usual name of the format that `bytes` begin like, if it is one that is not read.
pub(super) fn format_of(bytes: &[u8]) -> Option<&'static str> {
    // ISO/IEC 14496-12: the size of the first box, 'ftyp', and the brand.
    if bytes.get(4..8) == Some(b"ftyp") {
        return of_brand(bytes.get(8..12)?);
    }
    let signatures: [(&[u8], &str); 5] = [
        (b"\xFF\x0A", "JPEG XL"),
        (b"\0\0\0\x0CJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\x0CjP  \r\n\x87\n", "JPEG 2000"),
        (b"\xFF\x4F\xFF\x51", "JPEG 2000"),
        (b"GIF8", "GIF"),
    ];
    let known = signatures.into_iter().find(|(signature, _)| bytes.starts_with(signature));
    known.map(|(_, name)| name).or_else(|| (bytes.get(128..132) == Some(b"DICM")).then_some("DICOM"))
}

fn of_brand(brand: &[u8]) -> Option<&'static str> {
    match brand {
        b"avif" | b"avis" => Some("AVIF"),
        b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"mif1" | b"msf1" => Some("HEIC"),
        b"crx " => Some("Canon raw"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_formats_are_told_from_strangers() {
        assert_eq!(format_of(b"\0\0\0\x18ftypheic\0\0\0\0"), Some("HEIC"));
        assert_eq!(format_of(b"\0\0\0\x1Cftypavif\0\0\0\0"), Some("AVIF"));
        assert_eq!(format_of(b"\xFF\x0A...."), Some("JPEG XL"));
        assert_eq!(format_of(&[&[0; 128][..], b"DICM"].concat()), Some("DICOM"));
        for stranger in [&b""[..], b"\0\0\0\x18ftypmp42", b"\xFF\xD8\xFF\xE0", b"\x89PNG\r\n\x1A\n", b"RIFF"] {
            assert_eq!(format_of(stranger), None);
        }
    }
}
