/* What the parts of the recorder share. */
#include <errno.h>
#include <string.h>

/* Write a line of the log: what happened, and with what. */
void kit_note(const char *what, const char *form, ...);
