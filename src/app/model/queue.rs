//! Which photographs are gone through, in which order, and how doubtful their outlines are: of those that were opened, and
//! of those that were looked through in the background.

use std::cmp::Reverse;

use super::list_order::{KnownDoubt, ListOrder};
use super::review::{self, ReviewFilter};
use super::state::{PhotoEntry, State};
use crate::confidence::Doubt;
use crate::photo::PhotoSource;
use crate::records::ReviewState;

/// Where a photo stands in an order: by parts in a million of doubt, downwards, then by its place.
type Rank = (Reverse<Option<u32>>, usize);

impl State {
    /// Notes the doubt of what the network in use made of a photograph; none where it made nothing.
    pub fn note_doubt(&mut self, source: &PhotoSource, doubt: Option<Doubt>) {
        let network = self.network.model.card.name.clone();
        let (is_careful, has_second) = (self.network.is_careful, self.network.asks_second);
        let takes_second_look = self.network.in_use().takes_second_look;
        let known = KnownDoubt { network, is_careful, takes_second_look, has_second, doubt };
        let of_photo = self.queue.known.entry(review::key(source)).or_default();
        of_photo.retain(|other| !other.is_by(&self.network));
        of_photo.push(known);
    }

    /// What is known by the network in use; it is asked of every photo in every frame, and copies no path.
    fn known_doubt(&self, source: &PhotoSource) -> Option<&KnownDoubt> {
        let of = &self.queue.known;
        let known = match source.path() {
            Some(path) => of.get(path),
            None => of.get(&review::key(source)),
        };
        known?.iter().find(|known| known.is_by(&self.network))
    }

    /// Whether the network in use can say how doubtful an outline is.
    #[must_use]
    pub fn knows_doubt(&self) -> bool {
        self.network.model.card.optional.expected_agreement.is_some()
    }

    /// The doubt of the network's outline of the photo at `place`; none where a person has made another.
    #[must_use]
    pub fn doubt(&self, place: usize) -> Option<&Doubt> {
        let known = self.entries.get(place).and_then(|entry| self.known_doubt(&entry.source))?;
        known.doubt.as_ref().filter(|_| !self.mask_source(place).is_by_hand())
    }

    /// Whether it is so doubtful that a person should look.
    #[must_use]
    pub fn is_doubtful(&self, place: usize) -> bool {
        self.doubt(place).is_some_and(|doubt| !doubt.reasons.is_empty())
    }

    /// How many photos of the list the network in use has looked at.
    #[must_use]
    pub fn looked_at(&self) -> usize {
        self.entries.iter().filter(|entry| self.known_doubt(&entry.source).is_some()).count()
    }

    /// The place of the next photo that the network in use has not looked at.
    #[must_use]
    pub fn next_to_look_at(&self) -> Option<usize> {
        let is_unknown = |entry: &PhotoEntry| self.known_doubt(&entry.source).is_none();
        self.entries.iter().position(is_unknown).filter(|_| self.knows_doubt())
    }

    /// Where a photo stands by the doubt of the network's outline: the most doubtful first, what is not known last. It keeps
    /// its place when a person corrects it.
    fn rank_by_doubt(&self, place: usize) -> Rank {
        let known = self.entries.get(place).and_then(|entry| self.known_doubt(&entry.source));
        let score = known.and_then(|known| known.doubt.as_ref()?.score);
        // To a millionth, which is finer than any figure that is shown.
        (Reverse(score.map(|score| (score * 1e6) as u32)), place)
    }

    fn rank(&self, place: usize) -> Rank {
        match self.queue.order {
            ListOrder::Name => (Reverse(None), place),
            ListOrder::Doubt => self.rank_by_doubt(place),
        }
    }

    /// Whether one photo is gone through before the other.
    #[must_use]
    pub fn is_before(&self, one: usize, other: usize) -> bool {
        self.rank(one) < self.rank(other)
    }

    /// Whether `filter` shows the photo at `place`.
    fn is_shown(&self, place: usize, filter: ReviewFilter) -> bool {
        match filter {
            ReviewFilter::All => true,
            ReviewFilter::Only(wanted) => self.reviewing.state_of(&self.entries[place].source) == wanted,
            ReviewFilter::Mask(wanted) => self.mask_source(place) == wanted,
            ReviewFilter::Doubtful => self.is_doubtful(place),
        }
    }

    /// The photos that `is_wanted`, in the order in which they are gone through.
    fn ordered(&self, is_wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.entries.len()).filter(|&place| is_wanted(place)).collect();
        if self.queue.order == ListOrder::Doubt {
            places.sort_by_cached_key(|&place| self.rank(place));
        }
        places
    }

    /// The photos that the filter shows, by their places and in their order; the selected one is always among them.
    #[must_use]
    pub fn listed(&self) -> Vec<usize> {
        self.ordered(|place| place == self.selected || self.is_shown(place, self.reviewing.filter))
    }

    /// The photo `by` further on than the selected one, among those that the filter shows.
    #[must_use]
    pub fn listed_after(&self, by: isize) -> Option<usize> {
        let listed = self.listed();
        let place = listed.iter().position(|&index| index == self.selected)?;
        listed.get(place.checked_add_signed(by)?).copied()
    }

    /// The places of the photos that the filter shows next to the selected one; first the one that the person walks
    /// towards.
    pub fn neighbours(&self) -> impl Iterator<Item = usize> + use<> {
        let is_shown = |place: &usize| self.is_shown(*place, self.reviewing.filter);
        let [before, after] = match self.queue.order {
            // As far as the next of them, and no list of all.
            ListOrder::Name => [
                (0..self.selected.min(self.entries.len())).rev().find(is_shown),
                (self.selected + 1..self.entries.len()).find(is_shown),
            ],
            ListOrder::Doubt => {
                let listed = self.listed();
                let place = listed.iter().position(|&index| index == self.selected);
                let beside = |by| listed.get(place?.checked_add_signed(by)?).copied();
                [-1, 1].map(beside)
            }
        };
        let both = if self.read_ahead.is_backward { [before, after] } else { [after, before] };
        both.into_iter().flatten()
    }

    /// How many photos the filter would show.
    #[must_use]
    pub fn count(&self, filter: ReviewFilter) -> usize {
        (0..self.entries.len()).filter(|&place| self.is_shown(place, filter)).count()
    }

    /// How many photos are decided.
    #[must_use]
    pub fn decided(&self) -> usize {
        self.entries.len() - self.count(ReviewFilter::Only(ReviewState::NotSeen))
    }

    /// Whether nothing was decided on the photo at `place`.
    #[must_use]
    pub fn is_open(&self, place: usize) -> bool {
        self.reviewing.state_of(&self.entries[place].source) == ReviewState::NotSeen
    }

    /// The next open photo after the selected one, and then from the first.
    #[must_use]
    pub fn next_open(&self) -> Option<usize> {
        let open = self.ordered(|place| self.is_open(place));
        let is_after = |&&place: &&usize| self.is_before(self.selected, place);
        open.iter().find(is_after).or(open.first()).copied()
    }

    /// The next of the doubtful photos that nothing was decided on, the most doubtful first, and then from the first again;
    /// whatever the order of the list.
    #[must_use]
    pub fn next_doubtful(&self) -> Option<usize> {
        let is_wanted = |place: &usize| *place != self.selected && self.is_open(*place) && self.is_doubtful(*place);
        let mut doubtful: Vec<usize> = (0..self.entries.len()).filter(is_wanted).collect();
        doubtful.sort_by_cached_key(|&place| self.rank_by_doubt(place));
        // From a photo that is in no doubt to the most doubtful.
        let from = self.is_doubtful(self.selected).then(|| self.rank_by_doubt(self.selected));
        let after = doubtful.iter().find(|&&place| from.is_some_and(|from| self.rank_by_doubt(place) > from));
        after.or(doubtful.first()).copied()
    }
}
