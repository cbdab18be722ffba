# The display: how a photograph looks on the screen. Networks and measures are given the stored pixels.

display = Display
display-brightness = Brightness
display-contrast = Contrast
display-gamma = Gamma
display-keep = Keep for the next photographs
display-keep-hint = Otherwise each photograph comes as it is stored. For display only: the network sees the stored pixels.
display-reset = As stored
display-profile = Colours by the photograph's embedded profile. The network sees the stored pixels.
display-no-profile = No embedded colour profile: colours as stored. The network always sees the stored pixels.
display-profile-broken = The photograph's embedded colour profile cannot be used; its colours are shown as they are stored
