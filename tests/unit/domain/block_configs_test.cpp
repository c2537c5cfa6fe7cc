#include <gmock/gmock.h>

#include "protocol/messages/limits.hpp"
#include "tests/unit/domain/judged.hpp"

namespace runbook::domain {
namespace {

using ::testing::ElementsAre;

struct Case {
  const char* type;
  std::string config;
  const char* fault;  // below /blocks/0/config; empty: none
};

class BlockConfigTable : public ::testing::TestWithParam<Case> {};

TEST_P(BlockConfigTable, IsJudgedByItsRow) {
  const auto& row = GetParam();
  const auto faults = faults_of(judge(R"({"title": "t", "blocks": [{"type": ")" + std::string(row.type) +
                                      R"(", "name": "n", "config": )" + row.config + "}]}"));
  if (std::string_view(row.fault).empty()) {
    EXPECT_TRUE(faults.empty()) << row.config << ": " << faults.front();
  } else {
    EXPECT_THAT(faults, ElementsAre(std::string("/blocks/0/config") + row.fault)) << row.config;
  }
}

const Case kSimple[] = {
    {"instruction", R"({"text": "# Hello ${{ execution.title }}"})", ""},
    {"instruction", R"({"text": "x", "acknowledge": false})", ""},
    {"instruction", R"({})", "/text required"},
    {"instruction", R"({"text": " "})", "/text bad_value"},
    {"instruction", R"({"text": "${{ 1 +* 2 }}"})", "/text bad_expression"},
    {"instruction", R"({"text": "${{ a"})", "/text bad_placeholder"},
    {"instruction", R"({"text": "x", "acknowledge": 1})", "/acknowledge wrong_type"},
    {"condition", R"({"expression": "1 == 1"})", ""},
    {"condition", R"({"expression": "1 == 1", "then": "end", "else": "fail"})", ""},
    {"condition", R"({})", "/expression required"},
    {"condition", R"({"expression": ""})", "/expression bad_value"},
    {"condition", R"({"expression": "1 =="})", "/expression bad_expression"},
    {"condition", R"({"expression": "parms.x == 1"})", "/expression bad_expression"},
    {"condition", R"({"expression": 1})", "/expression wrong_type"},
    {"condition", R"({"expression": ")" + std::string(limits::kExpressionBytes + 1, ' ') + "\"}",
     "/expression too_long"},
    {"condition", R"({"expression": "true", "then": "stop"})", "/then bad_value"},
    {"condition", R"({"expression": "true", "then": 1})", "/then wrong_type"},
    {"condition", R"({"expression": "true", "then": {}})", "/then/goto required"},
    {"condition", R"({"expression": "true", "then": {"goto": "x"}})", "/then/goto unknown_step"},
    {"condition", R"({"expression": "true", "else": {"goto": "n"}})", "/else/goto not_later"},
    {"timer", R"({"seconds": 1})", ""},
    {"timer", R"({"seconds": 2592000})", ""},
    {"timer", R"({"seconds": 2592001})", "/seconds bad_value"},
    {"timer", R"({"seconds": 0})", "/seconds bad_value"},
    {"timer", R"({"seconds": "5"})", "/seconds wrong_type"},
    {"timer", R"({"until": "2027-01-01T00:00:00+02:00"})", ""},
    {"timer", R"({"until": "tomorrow"})", "/until bad_value"},
    {"timer", R"({"until": 5})", "/until wrong_type"},
    {"timer", R"({})", "/seconds required"},
    {"timer", R"({"seconds": 1, "until": "2027-01-01T00:00:00Z"})", "/until bad_value"},
    {"timer", R"({"seconds": 1, "colour": 1})", "/colour unknown_field"},
};
INSTANTIATE_TEST_SUITE_P(Simple, BlockConfigTable, ::testing::ValuesIn(kSimple));

std::string many(std::size_t count, const std::string& first) {
  std::string members = first;
  for (std::size_t i = 0; i < count; ++i) members += R"(,"h)" + std::to_string(i) + R"(": "v")";
  return "{" + members + "}";
}

const Case kApi[] = {
    {"api", R"({"url": "https://a.example"})", ""},
    {"api", R"({"url": "HTTP://a.example:8080/b?c=d%20e"})", ""},
    {"api", R"({"url": "http://[::1]:80/"})", ""},
    {"api", R"({"url": "https://a.example/${{ 1 }}?a=${{ 2 }}&b=c"})", ""},
    {"api", R"({"url": "https://a.example?${{ 2 }}"})", ""},
    {"api", R"({})", "/url required"},
    {"api", R"({"url": "a.example/b"})", "/url bad_value"},
    {"api", R"({"url": "ftp://a.example/b"})", "/url bad_value"},
    {"api", R"({"url": "file:///etc/passwd"})", "/url bad_value"},
    {"api", R"({"url": "http:a.example"})", "/url bad_value"},
    {"api", R"({"url": "http:///b"})", "/url bad_value"},
    {"api", R"({"url": "http://a.example/a b"})", "/url bad_value"},
    {"api", R"({"url": "http://a.example/\u00e4"})", "/url bad_value"},
    {"api", R"({"url": "http://a.example/%zz"})", "/url bad_value"},
    {"api", R"({"url": "http://a.example:0/"})", "/url bad_value"},
    {"api", R"({"url": "http://a.example:65536/"})", "/url bad_value"},
    {"api", R"({"url": "http://a.example:999999999999/"})", "/url bad_value"},
    {"api", R"({"url": "http://a.example/#b"})", "/url bad_value"},
    {"api", R"({"url": "http://me@a.example/"})", "/url bad_value"},
    {"api", R"({"url": "http://me:pw@a.example/"})", "/url bad_value"},
    {"api", R"({"url": "http://a.example\\@b.example/"})", "/url bad_value"},
    {"api", R"({"url": "${{ 'http://a' }}"})", "/url bad_placeholder"},
    {"api", R"({"url": "${{ 'http' }}://a.example"})", "/url bad_placeholder"},
    {"api", R"({"url": "http${{ 's' }}://a.example"})", "/url bad_placeholder"},
    {"api", R"({"url": "http://${{ 'a' }}/"})", "/url bad_placeholder"},
    {"api", R"({"url": "http://a.example${{ '.b' }}/"})", "/url bad_placeholder"},
    {"api", R"({"url": "http://a.example:${{ 80 }}/"})", "/url bad_placeholder"},
    {"api", R"({"url": "http://${{ 8 / 2 }}"})", "/url bad_placeholder"},
    {"api", R"({"url": "http://a.example/${{ 1 + }}"})", "/url bad_expression"},
    {"api", R"({"url": "http://a", "method": "HEAD"})", ""},
    {"api", R"({"url": "http://a", "method": "get"})", "/method bad_value"},
    {"api", R"({"url": "http://a", "method": "TRACE"})", "/method bad_value"},
    {"api", R"({"url": "http://a", "headers": {"X-A": "b ${{ 1 }}", "accept": ""}})", ""},
    {"api", R"({"url": "http://a", "headers": {"X A": "b"}})", "/headers/X A bad_value"},
    {"api", R"({"url": "http://a", "headers": {"": "b"}})", "/headers/ bad_value"},
    {"api", R"({"url": "http://a", "headers": {"X:": "b"}})", "/headers/X: bad_value"},
    {"api", R"({"url": "http://a", "headers": {"X-${{ 1 }}": "b"}})", "/headers/X-${{ 1 }} bad_placeholder"},
    {"api", R"({"url": "http://a", "headers": {"host": "b"}})", "/headers/host bad_value"},
    {"api", R"({"url": "http://a", "headers": {"Content-Length": "1"}})",
     "/headers/Content-Length bad_value"},
    {"api", R"({"url": "http://a", "headers": {"Transfer-Encoding": "x"}})",
     "/headers/Transfer-Encoding bad_value"},
    {"api", R"({"url": "http://a", "headers": {"CONNECTION": "x"}})", "/headers/CONNECTION bad_value"},
    {"api", R"({"url": "http://a", "headers": {"A": "b", "a": "c"}})", "/headers/a duplicate"},
    {"api", R"({"url": "http://a", "headers": {"A": "b\r\nC: d"}})", "/headers/A bad_value"},
    {"api", R"({"url": "http://a", "headers": {"A": 1}})", "/headers/A wrong_type"},
    {"api", R"({"url": "http://a", "headers": ["A"]})", "/headers wrong_type"},
    {"api", R"({"url": "http://a", "headers": )" + many(99, R"("a": "")") + "}", ""},
    {"api", R"({"url": "http://a", "headers": )" + many(100, R"("a": "")") + "}", "/headers too_many"},
    {"api", R"({"url": "http://a", "query": {"a b": "${{ 1 }}"}})", ""},
    {"api", R"({"url": "http://a", "query": {"${{ 1 }}": "a"}})", "/query/${{ 1 }} bad_placeholder"},
    {"api", R"({"url": "http://a", "query": {"a": 1}})", "/query/a wrong_type"},
    {"api", R"({"url": "http://a", "body": {"a": ["${{ 1 }}", null, 1.5]}})", ""},
    {"api", R"({"url": "http://a", "body": "a ${{ 1 }}"})", ""},
    {"api", R"({"url": "http://a", "body": {"a": ["b", "${{ 1 "]}})", "/body/a/1 bad_placeholder"},
    {"api", R"({"url": "http://a", "body": {"a/b": "${{ 1 + }}"}})", "/body/a~1b bad_expression"},
    {"api", R"({"url": "http://a", "body": {"${{ 1 }}": 1}})", "/body/${{ 1 }} bad_placeholder"},
    {"api", R"({"url": "http://a", "expected_status": [200, "300..399", "404"]})", ""},
    {"api", R"({"url": "http://a", "expected_status": []})", "/expected_status bad_value"},
    {"api", R"({"url": "http://a", "expected_status": [99]})", "/expected_status/0 bad_value"},
    {"api", R"({"url": "http://a", "expected_status": [600]})", "/expected_status/0 bad_value"},
    {"api", R"({"url": "http://a", "expected_status": ["300..200"]})", "/expected_status/0 bad_value"},
    {"api", R"({"url": "http://a", "expected_status": ["2xx"]})", "/expected_status/0 bad_value"},
    {"api", R"({"url": "http://a", "expected_status": ["200.."]})", "/expected_status/0 bad_value"},
    {"api", R"({"url": "http://a", "expected_status": 200})", "/expected_status wrong_type"},
    {"api", R"({"url": "http://a", "timeout_seconds": 3601})", "/timeout_seconds bad_value"},
    {"api", R"({"url": "http://a", "timeout_seconds": 0})", "/timeout_seconds bad_value"},
    {"api", R"({"url": "http://a", "retries": 11})", "/retries bad_value"},
    {"api", R"({"url": "http://a", "retries": -1})", "/retries bad_value"},
    {"api", R"({"url": "http://a", "idempotent": "yes"})", "/idempotent wrong_type"},
    {"api", R"({"url": "http://a", "credential": "c"})", ""},
    {"api", R"({"url": "http://a", "credential": null, "auth": null})", ""},
    {"api", R"({"url": "http://a", "credential": "c", "auth": "basic"})", ""},
    {"api", R"({"url": "http://a", "credential": "c", "auth": "header"})", ""},
    {"api", R"({"url": "http://a", "credential": "A Token"})", "/credential bad_value"},
    {"api", R"({"url": "http://a", "credential": "${{ params.c }}"})", "/credential bad_value"},
    {"api", R"({"url": "http://a", "credential": ["c"]})", "/credential wrong_type"},
    {"api", R"({"url": "http://a", "credential": "c", "auth": "digest"})", "/auth bad_value"},
    {"api", R"({"url": "http://a", "auth": "bearer"})", "/auth bad_value"},
    {"api", R"({"url": "http://a", "credential": "c", "headers": {"authorization": "x"}})",
     "/headers/authorization duplicate"},
    {"api", R"({"url": "http://a", "credential": "c", "auth": "header", "headers": {"Authorization": "x"}})",
     ""},
    {"api", R"({"url": "http://a", "colour": "c"})", "/colour unknown_field"},
};
INSTANTIATE_TEST_SUITE_P(Api, BlockConfigTable, ::testing::ValuesIn(kApi));

TEST(ApiConfig, IsBounded) {
  const auto with = [](const std::string& url, std::size_t statuses) {
    std::string list = "200";
    for (std::size_t i = 1; i < statuses; ++i) list += ",200";
    return faults_of(judge(R"({"title": "t", "blocks": [{"type": "api", "name": "n", "config": {"url": ")" +
                           url + R"(", "expected_status": [)" + list + "]}}]}"));
  };
  const std::string longest = "http://a/" + std::string(limits::kUrlBytes - 9, 'x');
  EXPECT_THAT(with(longest, limits::kExpectedStatuses), ::testing::IsEmpty());
  EXPECT_THAT(with(longest + "x", 1), ElementsAre("/blocks/0/config/url too_long"));
  EXPECT_THAT(with("http://a/", limits::kExpectedStatuses + 1),
              ElementsAre("/blocks/0/config/expected_status too_many"));
}

TEST(ApiConfig, HasTheDefaultsOfTheContract) {
  const auto judged =
      judge(R"({"title": "t", "blocks": [{"type": "api", "name": "n", "config": {"url": "http://a"}}]})");
  ASSERT_TRUE(judged);
  const auto& api = std::get<ApiConfig>(judged->blocks[0].config);
  EXPECT_EQ(api.method, "GET");
  EXPECT_EQ(api.timeout, std::chrono::seconds(30));
  EXPECT_EQ(api.retries, 3);
  EXPECT_THAT(api.expected_status, ElementsAre(std::pair{200, 299}));
  EXPECT_FALSE(api.idempotent);
}

}  // namespace
}  // namespace runbook::domain
