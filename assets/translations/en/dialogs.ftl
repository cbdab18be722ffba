# Help and the about page.

close-dialog = Close dialog
group-by-hand = Gestures
gesture-wheel = Scroll or pinch
gesture-wheel-does = Zoom at the pointer
gesture-drag = Drag or two fingers
gesture-drag-does = Move the photograph
gesture-double-click = Double-click
gesture-double-click-does = Show the whole photograph
gesture-space = Hold Space
gesture-space-does = Show the photograph without overlay
gesture-drop = Drop files
gesture-drop-does = Open them; …_segmentation becomes the reference
gesture-focus = F6, Tab, Esc
gesture-focus-does = Go to the controls, move between them, and return
version = Version { $version }
about-not-a-device = Dermaloupe is not a medical device. Its outline is a network's estimate; it is not a diagnosis and must not be used for patient care.
about-what-it-does = It opens photographs of the skin (dermoscopy) and of the retina, runs a lightweight segmentation network on this computer, and shows where the lesion or the vessels are and how sure the network is. Photographs are never changed, and nothing leaves the computer.
with-aside = { $words } ({ $aside })
weights = Weights
weights-facts = { $licence }; trained on { $data } ({ $data_licence })
graphics = Graphics
program = Program
program-licence = MIT or Apache-2.0
fonts = Fonts
fonts-licences = Inter and Noto Sans SC (OFL-1.1), Phosphor icons (MIT)
unknown = unknown
