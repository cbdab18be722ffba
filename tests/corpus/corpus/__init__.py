"""Good, odd, damaged and hostile input for Dermaloupe, each with the outcome that is right for it."""
