//! [`MaskFacts`]: what a card says of training, publication and figures. Networks for lesions and for vessels have
//! different figures, and so different cards; each is read whole, and neither is looser for the other.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::card_error::CardFault;
use super::lesion_facts::LesionFacts;
use super::vessel_facts::VesselFacts;
use crate::subject::MaskMeaning;

/// The facts of one kind of network; the key `mask` says which.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(tag = "mask", rename_all = "lowercase")]
pub enum MaskFacts {
    /// Of a network for lesions.
    Lesion(LesionFacts),
    /// Of a network for vessels.
    Vessels(VesselFacts),
}

impl MaskFacts {
    /// Checks each block of `card` that is present, as a network of this meaning has it.
    ///
    /// # Errors
    /// The fault, within the block's key.
    pub(super) fn check(card: &Value, meaning: MaskMeaning) -> Result<(), CardFault> {
        match meaning {
            MaskMeaning::Lesion => LesionFacts::check(card),
            MaskMeaning::Vessels => VesselFacts::check(card),
        }
    }

    /// What the mask means.
    #[must_use]
    pub fn meaning(&self) -> MaskMeaning {
        match self {
            Self::Lesion(_) => MaskMeaning::Lesion,
            Self::Vessels(_) => MaskMeaning::Vessels,
        }
    }

    /// Mean Dice over the test photographs.
    #[must_use]
    pub fn mean_dice(&self) -> f64 {
        match self {
            Self::Lesion(facts) => facts.test.mean_dice,
            Self::Vessels(facts) => facts.test.dice,
        }
    }

    /// How many test photographs there are.
    #[must_use]
    pub fn test_photos(&self) -> u32 {
        match self {
            Self::Lesion(facts) => facts.test.n,
            Self::Vessels(facts) => facts.test.n,
        }
    }

    /// The training data and their licence.
    #[must_use]
    pub fn trained_on(&self) -> [&str; 2] {
        match self {
            Self::Lesion(facts) => [&facts.data.name, &facts.data.licence],
            Self::Vessels(facts) => [&facts.data.train, &facts.data.licence],
        }
    }

    /// Those of a network for lesions.
    #[must_use]
    pub fn of_lesion(&self) -> Option<&LesionFacts> {
        match self {
            Self::Lesion(facts) => Some(facts),
            Self::Vessels(_) => None,
        }
    }

    /// Those of a network for vessels.
    #[must_use]
    pub fn of_vessels(&self) -> Option<&VesselFacts> {
        match self {
            Self::Lesion(_) => None,
            Self::Vessels(facts) => Some(facts),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{ModelCard, Subject};
    use super::*;

    const WNET: &[u8] = include_bytes!("../../models/vessels/wnet/card.json");
    const LESIONS: &[u8] = include_bytes!("../../models/zoo/malunet/card.json");

    fn read(card: &Value) -> Result<ModelCard, String> {
        ModelCard::from_json(card.to_string().as_bytes()).map_err(|fault| fault.to_string())
    }

    fn spoilt(card: &[u8], key: &str, value: Value) -> String {
        let mut card: Value = serde_json::from_slice(card).unwrap();
        let (parent, last) = key.rsplit_once('/').unwrap();
        card.pointer_mut(parent).unwrap()[last] = value;
        read(&card).unwrap_err()
    }

    #[test]
    fn a_card_of_vessels_is_read_with_its_own_figures() {
        let card = ModelCard::from_json(WNET).unwrap();
        assert_eq!((card.subject, card.meaning()), (Subject::Fundus, MaskMeaning::Vessels));
        assert_eq!((card.facts.mean_dice(), card.facts.test_photos()), (0.8207, 20));
        let facts = card.facts.of_vessels().unwrap();
        assert_eq!(facts.int8.as_ref().unwrap().figures.dice, 0.8188);
        assert_eq!(facts.cross_validation.as_ref().unwrap()["hrf"].n, 15);
        assert!(card.facts.of_lesion().is_none() && facts.second_observer.as_ref().unwrap().auc.is_none());
        let again = read(&serde_json::to_value(&card).unwrap()).unwrap();
        assert_eq!(again.facts.trained_on(), card.facts.trained_on());
    }

    #[test]
    fn a_card_that_does_not_say_what_it_is_for_is_one_for_lesions_of_the_skin() {
        for value in [None, Some(Value::Null)] {
            let mut card: Value = serde_json::from_slice(LESIONS).unwrap();
            for key in ["subject", "mask"] {
                match &value {
                    Some(value) => card[key] = value.clone(),
                    None => drop(card.as_object_mut().unwrap().remove(key)),
                }
            }
            let card = read(&card).unwrap();
            assert_eq!((card.subject, card.meaning()), (Subject::Dermoscopy, MaskMeaning::Lesion));
        }
    }

    #[test]
    fn neither_kind_is_read_with_the_other_ones_figures() {
        let mut lesions: Value = serde_json::from_slice(LESIONS).unwrap();
        lesions["subject"] = json!("fundus");
        lesions["mask"] = json!("vessels");
        assert!(read(&lesions).unwrap_err().starts_with("data: "), "{:?}", read(&lesions));
        let mut vessels: Value = serde_json::from_slice(WNET).unwrap();
        vessels["subject"] = json!("dermoscopy");
        vessels["mask"] = json!("lesion");
        assert!(read(&vessels).unwrap_err().starts_with("published: missing field"), "{:?}", read(&vessels));
    }

    #[test]
    fn what_a_card_says_wrong_of_its_purpose_is_named() {
        for (key, value, words) in [
            ("/subject", json!("knee"), "subject: unknown variant `knee`, expected `dermoscopy` or `fundus`"),
            ("/mask", json!("bones"), "mask: unknown variant `bones`, expected `lesion` or `vessels`"),
            ("/mask", json!(3), "mask: "),
            ("/subject", json!("dermoscopy"), "mask must be lesion for dermoscopy and vessels for fundus"),
            ("/test/dice", json!(1.2), "test: dice must be 0 to 1, found 1.2"),
            ("/test/auc", json!(-1), "test: auc must be 0 to 1, found -1"),
            ("/test", json!({}), "test: missing field `n`"),
            ("/drive/cldice", json!("high"), "drive: "),
            ("/cross_validation/hrf/dice", json!(7), "cross_validation: dice must be 0 to 1, found 7"),
            ("/published/paper_dice", json!(-1), "published: paper_dice must be 0 to 1"),
            ("/int8/dice_minus_float", json!(2), "int8: dice_minus_float must be -1 to 1"),
            ("/data/train", json!(" "), "data: expected one sentence"),
        ] {
            let complaint = spoilt(WNET, key, value);
            assert!(complaint.starts_with(words), "{key}: {complaint}");
        }
        assert!(spoilt(LESIONS, "/subject", json!("fundus")).starts_with("mask must be lesion"));
    }
}
