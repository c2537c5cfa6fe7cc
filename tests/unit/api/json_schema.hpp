// JsonSchema: the part of JSON Schema (draft 2020-12) that runbook.schema.json uses. A keyword it does not
// know is a fault of the schema, so that nothing is left unchecked.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <vector>

namespace runbook::api {

class JsonSchema {
 public:
  explicit JsonSchema(boost::json::value document) : document_(std::move(document)) {}

  // Whether `value` is valid. Throws std::logic_error for a schema that cannot be followed.
  bool accepts(const boost::json::value& value) const { return check(document_, value); }

 private:
  bool check(const boost::json::value& schema, const boost::json::value& value) const;
  bool check_keyword(const boost::json::object& schema, std::string_view keyword,
                     const boost::json::value& rule, const boost::json::value& value) const;
  bool check_object(const boost::json::object& schema, std::string_view keyword,
                    const boost::json::value& rule, const boost::json::object& value) const;
  bool check_array(const boost::json::object& schema, std::string_view keyword,
                   const boost::json::value& rule, const boost::json::array& value) const;
  std::size_t fitting(const boost::json::value& schemas, const boost::json::value& value) const;

  boost::json::value document_;
};

}  // namespace runbook::api
