//! The table of all networks on one photo: a row for each mask, with Dice to each row above. One row is made at a time,
//! and what the person waits for comes in between.

use std::collections::VecDeque;
use std::sync::Arc;

use super::results::NetworkResults;
use crate::app::model::agreement_table::{AgreementFigures, AgreementRow, RowMask};
use crate::app::model::current::Reference;
use crate::app::model::network::NetworkChoice;
use crate::geometry::bits::Bits;
use crate::geometry::contour::{self, Outline};
use crate::language::Words;
use crate::mask::Mask;
use crate::photo::Photo;

/// A table to make, or what is left of it.
#[derive(Clone)]
pub struct TableRequest {
    pub photo: Arc<Photo>,
    /// The reference, while its row, the first, is not made.
    pub reference: Option<Arc<Reference>>,
    /// The corrected mask, while its row, the next, is not made.
    pub corrected: Option<Arc<Mask>>,
    /// The networks whose rows are not made, in their order.
    pub networks: VecDeque<NetworkChoice>,
    /// The masks of the rows that are made; none for one that failed.
    pub masks: Vec<Option<Bits>>,
}

impl TableRequest {
    /// A table of `reference`, `corrected` and `networks`, in this order, of which no row is made yet.
    #[must_use]
    pub fn new(
        photo: Arc<Photo>,
        reference: Option<Arc<Reference>>,
        corrected: Option<Arc<Mask>>,
        networks: Vec<NetworkChoice>,
    ) -> Self {
        Self { photo, reference, corrected, networks: networks.into(), masks: Vec::new() }
    }

    /// Whether every row is made.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.reference.is_none() && self.corrected.is_none() && self.networks.is_empty()
    }
}

/// Makes the table's next row; none when all are made.
pub(super) fn next_row(results: &mut NetworkResults, request: &mut TableRequest) -> Option<AgreementRow> {
    if let Some(reference) = request.reference.take() {
        return Some(row(request, RowMask::Reference, Ok((&reference.mask, reference.outlines.clone()))));
    }
    if let Some(corrected) = request.corrected.take() {
        return Some(row(request, RowMask::Corrected, Ok((&corrected, contour::of_mask(&corrected)))));
    }
    let network = request.networks.pop_front()?;
    let of = RowMask::Network(network.model.card.title.clone());
    let photo = Arc::clone(&request.photo);
    Some(match results.of(&photo, &network) {
        Ok(result) => {
            let mask = result.maker.mask(&result.map, result.threshold);
            let outlines = result.maker.outlines(&result.map, &mask, result.threshold);
            row(request, of, Ok((&mask, outlines)))
        }
        Err(error) => row(request, of, Err(error)),
    })
}

fn row(request: &mut TableRequest, of: RowMask, found: Result<(&Mask, Vec<Outline>), Words>) -> AgreementRow {
    let result = found.map(|(mask, outlines)| {
        let bits = Bits::of(mask);
        let dice_above = request.masks.iter().map(|above| above.as_ref().map(|above| above.dice(&bits))).collect();
        let figures = AgreementFigures { outlines, area_px: bits.area_px(), dice_above };
        request.masks.push(Some(bits));
        figures
    });
    if result.is_err() {
        request.masks.push(None);
    }
    AgreementRow { of, result }
}
