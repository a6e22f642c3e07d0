/* SPDX-License-Identifier: MIT
 *
 * Prints the instruction sets that planedrop can use here, one a line.
 */
#include <planedrop/planedrop.h>
#include <stdio.h>

int main(void) {
    for (size_t i = 0; i < planedrop_isa_count(); i++) {
        if (planedrop_isa_usable(i)) {
            puts(planedrop_isa_name(i));
        }
    }
    return 0;
}
