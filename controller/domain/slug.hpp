// Slugs: the names by which later blocks and expressions refer to a block. Pure.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

namespace runbook::domain {

// [a-z][a-z0-9_]*
bool is_slug(std::string_view text);

// A free slug for the block `name` at `position` (from 0): Latin letters without their accents in lower case,
// digits, everything else one '_'; "step_<n>" (from 1) for a name without Latin letters; "_2", "_3", … when
// it is taken.
std::string make_slug(std::string_view name, std::size_t position, const std::set<std::string>& taken);

}  // namespace runbook::domain
