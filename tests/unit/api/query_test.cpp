#include "controller/api/query.hpp"

#include <gmock/gmock.h>

namespace runbook::api {
namespace {

using ::testing::ElementsAre;

http::Request asking(std::vector<std::pair<std::string, std::string>> query) {
  http::Request request;
  request.query = std::move(query);
  return request;
}

std::vector<std::string> faults_of(QueryReader& reader) {
  std::vector<std::string> faults;
  const auto judged = reader.judged();
  if (judged) return faults;
  for (const auto& fault : judged.error().faults) faults.push_back(fault.pointer + " " + fault.code);
  return faults;
}

TEST(Query, ReadsWhatIsThere) {
  const auto request = asking({{"limit", "500"}, {"cursor", "x"}, {"follow", "true"}, {"selector", "a=b"}});
  QueryReader query(request);
  const auto page = query.page();
  EXPECT_EQ(page.limit, 500u);
  EXPECT_EQ(page.cursor, "x");
  EXPECT_TRUE(query.flag("follow"));
  EXPECT_TRUE(query.selector("selector"));
  EXPECT_FALSE(query.text("title"));
  EXPECT_TRUE(faults_of(query).empty());
}

TEST(Query, DefaultsApply) {
  const auto request = asking({});
  QueryReader query(request);
  EXPECT_EQ(query.page().limit, 50u);
  EXPECT_FALSE(query.flag("follow"));
}

TEST(Query, NamesEveryFault) {
  const auto request = asking({{"limit", "0"},
                               {"follow", "yes"},
                               {"selector", "a=b c"},
                               {"id", "7"},
                               {"x", "1"},
                               {"x", "2"},
                               {"unknown", ""}});
  QueryReader query(request);
  query.limit();
  query.flag("follow");
  query.selector("selector");
  query.uuid("id");
  query.text("x");
  EXPECT_THAT(faults_of(query), ElementsAre("/limit bad_value", "/follow bad_value", "/selector bad_value",
                                            "/id bad_value", "/x duplicate", "/unknown unknown_field"));
}

TEST(Query, LimitsAreFromOneToFiveHundred) {
  for (const auto* limit : {"", "0", "501", "-1", "1.0", "0x10", " 1", "1 ", "99999999999999999999"}) {
    const auto request = asking({{"limit", limit}});
    QueryReader query(request);
    query.limit();
    EXPECT_THAT(faults_of(query), ElementsAre("/limit bad_value")) << limit;
  }
}

}  // namespace
}  // namespace runbook::api
