"""Reading a file that follows its form to the letter: one that nimo wrote, also when it was filled in further."""
