//! Which messages there are, for the compiler: `words!` and `tr!` refuse one that is missing, or that lacks a value.

/// Each message with the values of its text and of its attributes, in the order of their names; made by `build.rs`.
static MESSAGES: &[(&str, &[&str])] = include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// Stops the compiler where no message is called `id`, or `values` are not the names of its values, in any order.
pub const fn check(id: &str, values: &[&str]) {
    let messages = MESSAGES;
    let (mut start, mut end) = (0, messages.len());
    while start < end {
        let middle = usize::midpoint(start, end);
        match order(id.as_bytes(), messages[middle].0.as_bytes()) {
            0 => return check_values(messages[middle].1, values),
            1 => start = middle + 1,
            _ => end = middle,
        }
    }
    panic!("no message of assets/translations/en is called so");
}

const fn check_values(expected: &[&str], found: &[&str]) {
    assert!(expected.len() == found.len(), "the message has more values, or fewer");
    let mut at = 0;
    while at < found.len() {
        let (mut place, mut is_known) = (0, false);
        while place < expected.len() {
            is_known |= order(expected[place].as_bytes(), found[at].as_bytes()) == 0;
            place += 1;
        }
        assert!(is_known, "the message has no value of that name");
        at += 1;
    }
}

/// -1, 0 or 1 where `one` stands before `other`, is the same, or stands behind it.
const fn order(one: &[u8], other: &[u8]) -> i8 {
    let mut at = 0;
    while at < one.len() && at < other.len() {
        if one[at] != other[at] {
            return if one[at] < other[at] { -1 } else { 1 };
        }
        at += 1;
    }
    if one.len() == other.len() {
        0
    } else if one.len() < other.len() {
        -1
    } else {
        1
    }
}
