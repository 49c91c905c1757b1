"""What the pages of admins and vendors share: who is signed in, words, times, parts."""
