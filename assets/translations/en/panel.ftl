# The panel on the right: overlay, agreement, lesion.

overlay = Overlay
error-view-needs = Needs a reference mask: choose one below
threshold = Threshold
opacity = Opacity
opacity-correcting = Opacity while correcting
agreement = Agreement
agreement-needs = With a reference mask of the photograph's size: Dice, IoU and where they differ.
reference = Reference
choose-reference = Choose…
change-reference = Change…
remove = Remove
dice = Dice
iou = IoU
sensitivity = Sensitivity
specificity = Specificity
accuracy = Accuracy
lesion = Lesion
no-result-yet = No result yet
share-of-photo = Share of photo
mean-probability-inside = Mean probability inside
mean-probability-hint = How sure the network is of the pixels it counts as lesion. Not a diagnosis.
