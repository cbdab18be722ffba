# Why an outline is doubtful.
doubt-nothing-found = no lesion was found
doubt-networks-differ = the networks draw different outlines
doubt-band-wide = the border may lie in a wide band
doubt-map-pale = the network is unsure within the outline
doubt-cut-by-edge = the edge of the photograph cuts the lesion
doubt-photograph-poor = the photograph is of poor quality
