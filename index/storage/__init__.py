"""Where articles and their index rest, behind one seam that every store keeps."""
