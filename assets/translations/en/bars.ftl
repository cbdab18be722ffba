# The bars at the top and at the bottom.

open = Open
folder = Folder
recent-files = Recent files
recent-files-hint = Recently opened files and folders
save = Save
save-hint = Save the mask, the photograph with its outline, or a report
nothing-opened-yet = No recent files
place-in-list = { $place } of { $count }
reading-photo = Reading the photograph…
running-network = Running the network…
waiting-for-dialog = Waiting for the file dialog…
dialog-is-open = A file dialog is open already; answer or close it first
stage-times = { $engine }   ·   read in { $read } ms, outlined in { $outline } ms
stages = Reading the file: { $read } ms. Preparing it for the network: { $prepare } ms. The network: { $network } ms. Outlining at full size: { $finish } ms.
more = More
bar-theme = Theme
bar-language = Language
bar-about = About
running-tiles = Running the network: { $done } of { $total } tiles…
engine-is = Engine: { $engine }
no-engine-yet = No engine has run yet
engine-not-used-because = { $engine } not used: { $reason }
pointed-pixel = x { $x }  y { $y }     rgb { $r } { $g } { $b }
pointed-probability = { $pixel }     probability { $probability }
