/** The tests of configuration layers and of the trees and texts they consist of. */
@NullMarked
package dev.monarch.supervisor.layers;

import org.jspecify.annotations.NullMarked;
