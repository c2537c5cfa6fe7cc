// Writing JSON as YAML for people: block style, the members' own order, texts of several lines as they look.
// read(write(x)) is x, also in readers of YAML 1.1. Pure.
#pragma once

#include <boost/json.hpp>

#include <string>

namespace runbook::yaml {

std::string write(const boost::json::value& value);

}  // namespace runbook::yaml
