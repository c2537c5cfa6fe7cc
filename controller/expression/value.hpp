// Value: a value of CEL: null, bool, int (64 bits), uint (64 bits), double, string, bytes, list, map, type.
// Immutable and cheap to copy. Pure.
#pragma once

#include <boost/json.hpp>

#include <string>

namespace runbook::expression {

// Sketch of the public face; the owner of this folder fills it in.
class Value;

}  // namespace runbook::expression
