// Output as it is asked for: where lines begin, frames, searches; of hosts and of an API step's answer.
#include <gmock/gmock.h>

#include <map>

#include "controller/store/output_store.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/api/api_fixture.hpp"
#include "tests/support/await.hpp"

namespace runbook::api {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;

// A record of …/output/frames, read back.
struct Record {
  int kind = 0;
  int stream = 0;
  bool begins_line = false;
  std::uint32_t index = 0;
  std::uint64_t offset = 0;
  std::uint32_t first_line = 0;
  std::uint32_t newlines = 0;
  std::string data;
};

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number * 256 + static_cast<unsigned char>(byte);
  return number;
}

std::vector<Record> records(std::string_view body) {
  std::vector<Record> all;
  while (!body.empty()) {
    const auto length = static_cast<std::size_t>(big_endian(body.substr(0, 4)));
    const auto frame = body.substr(4, length);
    if (frame.size() < 24 || frame.size() != length || frame[0] != 1) {
      ADD_FAILURE() << "a broken record of " << length << " bytes";
      return all;
    }
    Record record;
    record.kind = frame[1];
    record.stream = frame[2];
    record.begins_line = (frame[3] & 1) != 0;
    record.index = static_cast<std::uint32_t>(big_endian(frame.substr(4, 4)));
    record.offset = big_endian(frame.substr(8, 8));
    record.first_line = static_cast<std::uint32_t>(big_endian(frame.substr(16, 4)));
    record.newlines = static_cast<std::uint32_t>(big_endian(frame.substr(20, 4)));
    record.data = frame.substr(24);
    all.push_back(std::move(record));
    body.remove_prefix(4 + length);
  }
  return all;
}

class ApiOutputTest : public ApiTest {
 protected:
  ApiOutputTest() {
    execution_ = make_execution().first;
    step_ = add_step("command", 1);
  }

  Uuid add_step(const std::string& type, int order, const std::string& result = "null") {
    const Uuid id = runtime::new_uuid();
    sql("INSERT INTO execution_step (id, job_id, block_id, slug, name, type, \"order\", status, result) "
        "VALUES ('" +
        id.str() + "', '" + execution_.str() + "', '" + id.str() + "', 's" + std::to_string(order) +
        "', 'S', '" + type + "', " + std::to_string(order) + ", 'running', " + result + ")");
    return id;
  }

  Uuid add_host(const std::string& host) {
    store::AttemptUpdate attempt;
    attempt.id = runtime::new_uuid();
    attempt.execution = execution_;
    attempt.step = step_;
    attempt.was = attempt.status = AttemptStatus::kRunning;
    const auto place = std::to_string(attempts_.size());
    sql("INSERT INTO attempt (id, step_id, job_id, agent_id, host, host_index, status) VALUES ('" +
        attempt.id.str() + "', '" + step_.str() + "', '" + execution_.str() + "', '" +
        make_agent(host).str() + "', '" + host + "', " + place + ", 'running')");
    attempts_[host] = attempt;
    return attempt.id;
  }

  // Commits a piece as the engine's writer does.
  void print(const std::string& host, Stream stream, std::string data) {
    auto& attempt = attempts_.at(host);
    auto batch = std::make_shared<store::Batch>();
    batch->attempts = {attempt};
    const auto offset = attempt.ends[store::stream_index(stream)].bytes;
    batch->pieces = {{0, stream, offset, std::make_shared<const std::string>(std::move(data))}};
    store::OutputStore output(database());
    const auto stored = testing::await(loop_, output.store(batch));
    ASSERT_TRUE(stored.has_value());
    attempt.ends = stored->attempts[0].ends;
  }

  std::string path(const Uuid& step) const {
    return "/executions/" + execution_.str() + "/steps/" + step.str() + "/output";
  }
  std::string path() const { return path(step_); }

  Uuid execution_;
  Uuid step_;
  std::map<std::string, store::AttemptUpdate> attempts_;
};

TEST_F(ApiOutputTest, TheIndexSaysWhereEachStreamEnds) {
  add_host("web1");
  add_host("web2");
  print("web1", Stream::kStdout, "one\ntw");
  print("web2", Stream::kStderr, "oh\n");
  print("web1", Stream::kStdout, "o\nthree");
  const auto all = get(path() + "/index");
  ASSERT_EQ(all.status, 200u) << all.text;
  EXPECT_EQ(all.at("/bytes"), "16");
  EXPECT_EQ(all.at("/lines"), "4");
  EXPECT_EQ(all.at("/end"), "16");
  EXPECT_EQ(all.body.at("segments"), json::parse(R"([{"position": 0, "lines": 4}])"));
  ASSERT_EQ(all.body.at("streams").as_array().size(), 2u);
  EXPECT_EQ(all.at("/streams/0/host"), "web1");
  EXPECT_EQ(all.at("/streams/0/stream"), "stdout");
  EXPECT_EQ(all.at("/streams/0/bytes"), "13");
  EXPECT_EQ(all.at("/streams/0/lines"), "3");
  EXPECT_EQ(all.at("/streams/0/ends_line"), "false");
  EXPECT_EQ(all.at("/streams/1/ends_line"), "true");
  const auto errors = get(path() + "/index?stream=stderr");
  EXPECT_EQ(errors.at("/lines"), "1");
  EXPECT_EQ(errors.at("/end"), "16");
  EXPECT_EQ(get(path() + "/index?host=web1").at("/end"), "13");
}

TEST_F(ApiOutputTest, WrongQuestionsAreRefused) {
  add_host("web1");
  for (const std::string what : {"/index", "/frames", "/search"}) {
    const std::string q = what == "/search" ? "?q=a&" : "?";
    EXPECT_THAT(get(path() + what + q + "host=web9").faults(), ElementsAre("/host unknown_host"));
    EXPECT_THAT(get(path() + what + q + "stream=out").faults(), ElementsAre("/stream bad_value"));
    EXPECT_THAT(get(path() + what + q + "nonsense=1").faults(), ElementsAre("/nonsense unknown_field"));
    EXPECT_EQ(get(path(execution_) + what + q).status, 404u);
  }
  EXPECT_THAT(get(path() + "/frames?from=-1&to=x").faults(), ElementsAre("/from bad_value", "/to bad_value"));
}

TEST_F(ApiOutputTest, FramesTellWhoseTheyAreOnce) {
  const auto one = add_host("web1");
  add_host("web2");
  print("web1", Stream::kStdout, "one\ntw");
  print("web2", Stream::kStderr, "oh\n");
  print("web1", Stream::kStdout, "o\n");
  const auto reply = get(path() + "/frames");
  EXPECT_EQ(reply.header("Content-Type"), "application/octet-stream");
  const auto all = records(reply.text);
  ASSERT_EQ(all.size(), 5u);
  EXPECT_EQ(all[0].kind, 2);
  const auto owner = json::parse(all[0].data);
  EXPECT_EQ(owner.at("index").as_int64(), 0);
  EXPECT_EQ(owner.at("step_id").as_string(), step_.str());
  EXPECT_EQ(owner.at("host").as_string(), "web1");
  EXPECT_EQ(owner.at("attempt").as_string(), one.str());
  EXPECT_EQ(all[1].kind, 1);
  EXPECT_EQ(all[1].data, "one\ntw");
  EXPECT_TRUE(all[1].begins_line);
  EXPECT_EQ(all[1].newlines, 1u);
  EXPECT_EQ(all[2].kind, 2);
  EXPECT_EQ(all[2].index, 1u);
  EXPECT_EQ(all[3].stream, 2);
  EXPECT_EQ(all[4].index, 0u);
  EXPECT_EQ(all[4].offset, 6u);
  EXPECT_EQ(all[4].first_line, 2u);
  EXPECT_FALSE(all[4].begins_line);
}

TEST_F(ApiOutputTest, FramesOfAPartAreWholePiecesThatBeginInIt) {
  add_host("web1");
  for (const auto* text : {"a\n", "bb\n", "ccc\n"}) print("web1", Stream::kStdout, text);
  const auto data = [this](const std::string& query) {
    std::string text;
    for (const auto& record : records(get(path() + "/frames" + query).text)) {
      if (record.kind == 1) text += record.data;
    }
    return text;
  };
  EXPECT_EQ(data(""), "a\nbb\nccc\n");
  EXPECT_EQ(data("?from=2&to=5"), "bb\n");
  EXPECT_EQ(data("?from=1&to=6"), "bb\nccc\n");
  EXPECT_EQ(data("?from=5"), "ccc\n");
  EXPECT_EQ(data("?from=9"), "");
  EXPECT_EQ(data("?to=0&host=web1"), "");
}

TEST_F(ApiOutputTest, LargePiecesAreCutIntoFramesOf64KiB) {
  add_host("web1");
  std::string text(150'000, 'x');
  text[65'535] = '\n';
  print("web1", Stream::kStdout, text);
  const auto all = records(get(path() + "/frames").text);
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[1].data.size(), 65'536u);
  EXPECT_TRUE(all[2].begins_line);
  EXPECT_EQ(all[2].first_line, 2u);
  EXPECT_EQ(all[2].offset, 65'536u);
  EXPECT_FALSE(all[3].begins_line);
  EXPECT_EQ(all[3].first_line, 2u);
  EXPECT_TRUE(all[1].data + all[2].data + all[3].data == text);
}

TEST_F(ApiOutputTest, AnAnswerHasAnIndexAndFramesOfNobody) {
  const auto step = add_step("api", 2, "json_build_object('body', repeat(E'0123456789\\n', 20000) || 'end')");
  const auto index = get(path(step) + "/index");
  ASSERT_EQ(index.status, 200u) << index.text;
  EXPECT_EQ(index.at("/bytes"), "220003");
  EXPECT_EQ(index.at("/end"), "220003");
  EXPECT_EQ(index.at("/lines"), "20001");
  EXPECT_EQ(index.at("/streams/0/host"), "null");
  EXPECT_EQ(index.at("/streams/0/ends_line"), "false");
  std::uint64_t lines = 0;
  const auto& segments = index.body.at("segments").as_array();
  ASSERT_EQ(segments.size(), 4u);
  for (const auto& segment : segments) lines += segment.at("lines").to_number<std::uint64_t>();
  EXPECT_EQ(lines, 20001u);
  const auto part = records(get(path(step) + "/frames?from=65536&to=131072").text);
  ASSERT_EQ(part.size(), 2u);
  EXPECT_EQ(json::parse(part[0].data).at("host"), nullptr);
  EXPECT_EQ(part[1].offset, 65'536u);
  EXPECT_EQ(part[1].first_line, 65'536u / 11 + 1);
  EXPECT_FALSE(part[1].begins_line);
  const auto in_first = segments[0].at("lines").to_number<std::uint64_t>();
  EXPECT_EQ(in_first, part[1].first_line);  // the last of them goes on into the second
  EXPECT_EQ(get(path(step) + "/index?stream=stderr").at("/lines"), "0");
  EXPECT_EQ(get(path(step) + "/frames?stream=stderr").text, "");
}

}  // namespace
}  // namespace runbook::api
