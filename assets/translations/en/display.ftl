# The display: how a photograph looks on the screen. Networks and measures use the stored pixels.

display = Display
display-brightness = Brightness
display-contrast = Contrast
display-gamma = Gamma
display-slider-hint = Double-click to reset
display-keep = Keep for following photographs
display-keep-hint = Otherwise each photograph opens as it is stored
display-only = For display only: networks, measurements, reports and saved pictures use the stored pixels.
display-no-graphics = This computer's graphics driver cannot adjust photographs; they are shown as stored.

display-adjusted = Adjusted display
display-adjusted-hint = The photograph is not shown as stored. Hold Space to see it unadjusted.
display-hair-hidden = Hair hidden
display-corners-hidden = Dark corners hidden
display-hiding = Hiding…
display-peeking = Photograph as stored while Space is held

display-profile = Colour profile
display-profile-unnamed = Unnamed
display-profile-applied = Shown in sRGB through this embedded profile. For display only: everything else uses the stored pixels.
display-profile-damaged = The embedded colour profile is damaged. Colours are shown as stored.
display-profile-too-large = The embedded colour profile is too large to be valid. Colours are shown as stored.
display-profile-not-rgb = The embedded colour profile is for { $space }, not for RGB. Colours are shown as stored.
display-profile-absurd = The embedded colour profile would invert light and dark. Colours are shown as stored.

action-brighter = Brighter
    .tooltip = Show the photograph brighter
action-darker = Darker
    .tooltip = Show the photograph darker
action-more-contrast = More contrast
    .tooltip = Show the photograph with more contrast
action-less-contrast = Less contrast
    .tooltip = Show the photograph with less contrast
action-more-gamma = Lighten dark parts
    .tooltip = Raise gamma: dark parts become lighter
action-less-gamma = Darken dark parts
    .tooltip = Lower gamma: dark parts become darker
action-toggle-hair = Hide hair
    .tooltip = Paint over hair in the photograph that is shown; outline, measurements and saved pictures keep it
action-toggle-corners = Hide dark corners
    .tooltip = Paint dark corners in the colour of the skin beside them, on the screen only; outline, measurements and saved pictures keep them
action-show-as-stored = Show as stored
    .tooltip = Show the photograph without brightness, contrast and gamma, and with its hair and corners
