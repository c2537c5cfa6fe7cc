// The golden vectors of protocol/vectors, which the UI's tests read too.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>

namespace runbook::testing {

boost::json::object read_vectors(std::string_view file);
std::string from_hex(std::string_view hex);
std::string to_hex(std::string_view bytes);
std::string text_of(const boost::json::object& object, std::string_view name);

}  // namespace runbook::testing
