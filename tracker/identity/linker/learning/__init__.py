"""Learning the linker's weights: lives of made-up browsers, pairs of their states, and a trial on others."""
