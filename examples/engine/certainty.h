/* SPDX-License-Identifier: MIT
 *
 * Monte-Carlo dropout (Gal, Ghahramani 2016): a trained network that keeps dropping gives another
 * answer at each pass. Their mean is the prediction; its entropy says how certain it is.
 */
#ifndef ENGINE_CERTAINTY_H
#define ENGINE_CERTAINTY_H

#include "data.h"
#include "net.h"

#include <stdio.h>

/* Writes a line of comma-separated values for each image: `kind`, the image's index, its label; the
 * class and its probability without dropout; the class, its probability and the entropy (in nats)
 * of the mean of `passes` passes with dropout. */
void certainty_header(FILE *file);
void certainty_write(FILE *file, const char *kind, net *n, const dataset *data, int passes);

#endif
