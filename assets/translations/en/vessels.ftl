# Retinal vessels: the networks for them, and their figures.

subject-dermoscopy = Skin lesions
subject-fundus = Retinal vessels
for-fundus = For fundus photographs
trained-on-words = Trained on { $data } ({ $licence })
test-cldice-mean = Test clDice, mean
cldice-hint = Agreement of the centre lines: thin vessels count as much as wide ones
test-auc-mean = Test AUC, mean
second-observer-dice = A second person's Dice
second-observer-hint = Vessels that a second person marked on the same photographs, compared with the first person's as a network's are
int8-dice-mean = INT8 Dice, mean
int8-hint-vessels = In 8-bit integers, simulated, on the same photographs

vessels = Vessels
vessel-density = Vessel density
vessel-density-hint = Share of the field of view that vessels cover
vessel-length = Length of centre lines
vessel-length-hint = All vessels, each thinned to a line of one pixel; accurate to about 4 %
vessel-calibre = Mean calibre
vessel-calibre-hint = Mean width: area of the vessels over the length of their centre lines
vessel-calibre-by-distance = Mean calibre, distance map
vessel-calibre-by-distance-hint = Twice the distance to the nearest background, averaged along the centre lines
vessel-area = Area of vessels
vessel-area-hint = All vessels in the field of view
field-of-view-area = Field of view
field-of-view-area-hint = The round part that shows the eye, found in the photograph; nothing outside it counts

action-open-fundus-sample = Open fundus sample
    .tooltip = Open a computer-drawn fundus and its true vessels, with a network for vessels
sample-name-fundus = Fundus sample (computer-drawn)
canvas-vessels = { $name }: vessels outlined
canvas-no-vessels = { $name }: no vessels found
key-heat-vessels = Probability of vessel
no-vessels = No vessels found
no-network-for-vessels = No network for retinal vessels was found. Install the program's package, or start it with --models FOLDER
no-vessels-lower-hint = Show where vessels are most likely: pixels with at least half of the highest probability
no-dark-surround = No dark surround was found. This network is for fundus photographs.
mean-probability-vessels-hint = How sure the network is of the pixels it counts as vessel. Not a diagnosis.
within-field-of-view = Within the field of view
kiosk-vessels = Vessels outlined in { $time }
kiosk-heat-vessels = How sure the network is: brighter means more likely to be a vessel
kiosk-segmenting-vessels = Looking for vessels…
report-cldice = clDice, centre lines
report-vessels-described = The vessels: { $outline }
