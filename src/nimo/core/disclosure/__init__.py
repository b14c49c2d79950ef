"""The one gate for figures that leave the authorised circle. Read README.md; import the sub-modules."""
