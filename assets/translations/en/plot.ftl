# The plot of agreement by group, as a picture.

plot-title = Agreement with the references by group: mean IoU of { $network }
plot-note-lesions = Dots: means over photographs. Lines: 95 % bootstrap intervals, resampled by lesion.
plot-note-photographs = Dots: means over photographs. Lines: 95 % bootstrap intervals.
plot-note-small = Grey: fewer than { $small } photographs.
plot-all = All photographs
plot-not-stated = Not stated
plot-photographs = Photographs
plot-mean = Mean IoU
plot-below = IoU < 0.65
