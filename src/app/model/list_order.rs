//! The order in which photographs are gone through, and what is known of the doubt of their outlines: plain data. What
//! follows from it is in [`super::queue`].

use std::collections::HashMap;
use std::path::PathBuf;

use super::network::NetworkState;
use crate::confidence::Doubt;

/// The order of the filmstrip, in which the arrow keys go too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::VariantArray)]
pub enum ListOrder {
    /// As the folder lists them.
    #[default]
    Name,
    /// The most doubtful first; those that nobody has looked at last, by name.
    Doubt,
}

/// What is known of the doubt of one photograph's outline.
#[derive(Clone, Debug)]
pub(super) struct KnownDoubt {
    /// The network's name.
    pub(super) network: String,
    /// Whether it looked eight times.
    pub(super) is_careful: bool,
    /// Whether it looked again at small lesions.
    pub(super) takes_second_look: bool,
    /// Whether a second network was asked too.
    pub(super) has_second: bool,
    /// None where the photograph could not be read or segmented.
    pub(super) doubt: Option<Doubt>,
}

impl KnownDoubt {
    /// Whether it is of what that network makes of photographs.
    pub(super) fn is_by(&self, network: &NetworkState) -> bool {
        self.network == network.model.card.name
            && self.is_careful == network.is_careful
            && self.takes_second_look == network.in_use().takes_second_look
            && self.has_second == network.asks_second
    }
}

/// The order, and all that is known of doubt since the window was opened.
#[derive(Clone, Debug, Default)]
pub struct DoubtQueue {
    pub order: ListOrder,
    /// The photographs of the list that nobody has looked at are being looked through.
    pub is_looking_through: bool,
    /// By photograph, one for each network that has looked.
    pub(super) known: HashMap<PathBuf, Vec<KnownDoubt>>,
}
