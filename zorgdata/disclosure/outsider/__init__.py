"""What somebody outside can hold a published release against, from its files alone.

The model is rebuilt here from what the package says of itself: nothing is shared with the rooms that decided
what to hide (an import contract holds it), so that a mistake there is not repeated here. Only numpy and a
solver of linear programmes are needed.

The verdict has one meaning: *refused* is a release that our gate would not have published whatever the hidden
figures are; *nothing found* says that there are figures, agreeing with everything published, for which it
would have. What hangs on figures that nobody outside has (who contributes to a sum) cannot be judged here and
is said to be unjudged.
"""
