//! JSON as annotation programs write it: byte-order marks, UTF-16, numbers that are none, whole numbers as 80.0, and ids
//! as numbers or text.

use memchr::memmem;
use serde_json::Value;

/// The text as UTF-8 without a byte-order mark, with `null` for NaN and infinities, which Python writes and JSON has
/// not. `None` if it begins like UTF-16 and is none.
pub(super) fn plain(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let units = |join: fn([u8; 2]) -> u16, bytes: &[u8]| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let text =
            rest.is_empty().then(|| String::from_utf16(&pairs.iter().map(|pair| join(*pair)).collect::<Vec<_>>()));
        text?.ok().map(String::into_bytes)
    };
    bytes = match &bytes[..] {
        [0xEF, 0xBB, 0xBF, ..] => bytes.split_off(3),
        [0xFF, 0xFE, rest @ ..] => units(u16::from_le_bytes, rest)?,
        [0xFE, 0xFF, rest @ ..] => units(u16::from_be_bytes, rest)?,
        _ => bytes,
    };
    Some(without_unnumbers(bytes))
}

/// Longest first: an infinity's sign belongs to it.
const NO_NUMBERS: [&[u8]; 3] = [b"-Infinity", b"Infinity", b"NaN"];

/// Replaces what Python writes for numbers that are none, outside of texts.
fn without_unnumbers(bytes: Vec<u8>) -> Vec<u8> {
    // Where the first stands, the second does.
    if !NO_NUMBERS[1..].iter().any(|word| memmem::find(&bytes, word).is_some()) {
        return bytes;
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let (mut at, mut is_text) = (0, false);
    while at < bytes.len() {
        let word = NO_NUMBERS.iter().find(|word| !is_text && bytes[at..].starts_with(word));
        if let Some(word) = word {
            plain.extend(b"null");
            at += word.len();
            continue;
        }
        if is_text && bytes[at] == b'\\' {
            plain.extend(bytes[at..].iter().take(2));
            at += 2;
            continue;
        }
        is_text ^= bytes[at] == b'"';
        plain.push(bytes[at]);
        at += 1;
    }
    plain
}

/// An id: a whole number or a text that is not blank. `1`, `1.0` and `"1"` are one id, as programs mix them.
pub(super) fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        Value::Number(number) => number
            .as_f64()
            .filter(|value| value.fract() == 0.0 && value.abs() < 9e15)
            .map(|value| format!("{value:.0}")),
        _ => None,
    }
}

/// A whole number from 0 on, also as 80.0.
pub(super) fn whole(value: &Value) -> Option<u64> {
    let float = || value.as_f64().filter(|value| value.fract() == 0.0 && (0.0..9e15).contains(value));
    value.as_u64().or_else(|| float().map(|value| value as u64))
}

/// A side of a photo in pixels: a whole number from 1 on.
pub(super) fn side(value: &Value) -> Option<u32> {
    whole(value).and_then(|side| u32::try_from(side).ok()).filter(|side| *side > 0)
}

/// A point of two numbers.
pub(super) fn point(value: &Value) -> Option<[f64; 2]> {
    match value.as_array()?.as_slice() {
        [x, y] => Some([x.as_f64()?, y.as_f64()?]),
        _ => None,
    }
}

/// Whether a polygon's bounds have an area.
pub(super) fn has_area(polygon: &[[f64; 2]]) -> bool {
    let differ = |axis: usize| polygon.iter().any(|point| point[axis] != polygon[0][axis]);
    polygon.len() >= 3 && differ(0) && differ(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn marks_and_numbers_that_are_none_are_taken_out_and_texts_stay() {
        let text = r#"{"a": [NaN, -Infinity, Infinity, -1], "NaN \" NaN": "Infinity"}"#;
        let plainly = r#"{"a": [null, null, null, -1], "NaN \" NaN": "Infinity"}"#;
        let utf_16 = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect()
        };
        let all = [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            utf_16([0xFF, 0xFE], u16::to_le_bytes),
            utf_16([0xFE, 0xFF], u16::to_be_bytes),
        ];
        for bytes in all {
            assert_eq!(plain(bytes).as_deref(), Some(plainly.as_bytes()));
        }
        assert_eq!(plain(b"\xFF\xFE{".to_vec()), None);
    }

    #[test]
    fn ids_and_sizes_are_read_however_they_are_written() {
        for (value, expected) in
            [(json!(7), Some("7")), (json!(7.0), Some("7")), (json!(" 7 "), Some("7")), (json!("x"), Some("x"))]
        {
            assert_eq!(id(&value).as_deref(), expected, "{value}");
        }
        for value in [json!(7.5), json!(""), json!(null), json!([7])] {
            assert_eq!(id(&value), None, "{value}");
        }
        assert_eq!((side(&json!(80.0)), side(&json!(80))), (Some(80), Some(80)));
        for value in [json!(0), json!(-1), json!(80.5), json!("80"), json!(null), json!(5_000_000_000_u64)] {
            assert_eq!(side(&value), None, "{value}");
        }
    }
}
