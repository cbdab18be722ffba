# What is to be remarked of a photograph: a sentence, a word or two for the line beneath the figures, and what to do.

quality = Photograph

quality-blurred = The photograph is blurred.
    .label = Blurred
    .advice = If you can, take it again: hold the dermatoscope still against the skin and let the camera focus first.
quality-too-dark = The photograph is dark: the skin reaches { $percent } % of full white.
    .label = Dark
    .advice = If you can, take it again with more light or a longer exposure. To look at this one, raise the brightness under Display.
quality-too-bright = { $percent } % of the field of view is overexposed.
    .label = Overexposed
    .advice = Pale borders may be lost there. If you can, take it again with less light or a shorter exposure.
quality-glare = Reflections cover { $percent } % of the photograph.
    .label = Glare
    .advice = If you can, take it again with polarised light, or with contact fluid and without bubbles.
quality-hair = Hair covers { $percent } % of the photograph.
    .label = Hair
    .advice = Check the outline where hair crosses the border. Part, wet or shave the hair before the next photograph.
quality-dark-corners = Dark corners cover { $percent } % of the photograph.
    .label = Dark corners
    .advice = Check that the outline keeps out of them. Zoom the camera in until the round field fills the picture.
quality-lesion-cut = The lesion runs out of the photograph: { $percent } % of its border lies on the edge.
    .label = Lesion cut off
    .advice = Area and diameters are too small. If you can, take it again from farther away, or in parts.
quality-lesion-small = The lesion is small: its diameter is { $percent } % of the photograph's longer side.
    .label = Small lesion
    .advice = Networks outline small lesions less surely. If you can, take it again from closer by.
quality-ruler = There may be a ruler in the photograph.
    .label = Ruler
    .advice = Draw a line along it to have lengths in millimetres. Marks that touch the lesion can disturb its outline.
