"""One loader per kind of file: each turns a file's content into the blocks of `formats.source`, and interprets nothing."""
