"""What is printed: pure blocks of content, and the pages they are painted on."""
