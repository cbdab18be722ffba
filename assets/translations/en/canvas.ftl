# Text on the canvas, and cards that float over it.

peeking = Photograph without overlay while Space is held
key-both = Both
key-network-only = Network only
key-reference-only = Reference only
key-band = Likely border ({ $percent } %)
key-heat = Probability of lesion
canvas-no-lesion = { $name }: no lesion found
canvas-outlined = { $name }: lesion outlined
welcome-title = Open a photograph
welcome =
    Drop dermoscopy photographs or a folder here.
    Nothing leaves this computer.
file-failed = This file could not be opened
try-again = Try again
network-failed = The network could not run
use-engine = Use { $engine }
no-lesion = No lesion found
no-lesion-highest = The highest probability is { $highest }, below the threshold of { $threshold }.
no-lesion-corrected = The corrected mask is empty.
no-lesion-lower = Lower the threshold to { $threshold }
no-lesion-lower-hint = Show where a lesion is most likely: pixels with at least half of the highest probability
no-lesion-draw = Draw by hand
no-lesion-draw-hint = Correct the empty mask with the brush
close-notice = Close notice
drop-to-open = Drop to open
drop-hint = A file named …_segmentation becomes the reference mask
use-engine-hint = It has just run this network on this photograph
sample-is = A computer-drawn sample, not a photograph.
sample-blue = Blue: outline by the network.
sample-orange = Orange: true outline.
