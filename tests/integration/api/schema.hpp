// Checks of real answers against openapi.yaml: the part of JSON Schema that the document uses.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace runbook::api {

class Schemas {
 public:
  Schemas();

  // What is wrong with the answer of an operation, as "pointer: problem"; empty when it is as described.
  std::vector<std::string> judge(std::string_view method, std::string_view pattern, unsigned status,
                                 std::string_view content_type, const boost::json::value& body) const;

 private:
  const boost::json::value& resolve(const boost::json::value& node) const;
  void check(const boost::json::value& schema, const boost::json::value& value, const std::string& at,
             std::vector<std::string>& faults) const;
  void check_object(const boost::json::object& schema, const boost::json::object& value,
                    const std::string& at, std::vector<std::string>& faults) const;

  boost::json::value document_;
};

}  // namespace runbook::api
