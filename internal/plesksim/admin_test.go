// The admin endpoint, as programs on the same machine use it.

package plesksim

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// adminClient talks to the admin endpoint of a server.
type adminClient struct {
	t   *testing.T
	url string
}

func startAdmin(t *testing.T, s *Server) adminClient {
	t.Helper()
	url, err := s.StartAdmin("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return adminClient{t, url}
}

// ask sends a request that must be answered with a status, and returns the answer's body.
func (a adminClient) ask(status int, method, path, body string) string {
	a.t.Helper()
	req, err := http.NewRequest(method, a.url+path, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := transport.RoundTrip(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status {
		a.t.Fatalf("%s %s: %s %v %s", method, path, res.Status, err, answer)
	}
	return string(answer)
}

func TestAdminFaults(t *testing.T) {
	s := newServer(t)
	c, admin := start(t, s), startAdmin(t, s)
	got := admin.ask(http.StatusCreated, "POST", "/faults", `[{"operator":"customer","code":1023,"times":1},{"operator":"dns","delay":"2s"}]`)
	if want := `[{"id":1,"operator":"customer","times":1,"code":1023},{"id":2,"operator":"dns","delay":"2s"}]` + "\n"; got != want {
		t.Error(got)
	}
	c.ask(addAlder, `<customer><add><result>`+failed("1023")+`</result></add></customer>`)
	c.ask(addAlder, added)
	list := admin.ask(http.StatusOK, "GET", "/faults", "")
	if want := `[{"id":1,"operator":"customer","times":1,"code":1023,"seen":2,"struck":1},{"id":2,"operator":"dns","delay":"2s"}]` + "\n"; list != want {
		t.Error(list)
	}
	admin.ask(http.StatusNoContent, "DELETE", "/faults/1", "")
	admin.ask(http.StatusNotFound, "DELETE", "/faults/1", "")
	admin.ask(http.StatusNotFound, "DELETE", "/faults/x", "")
	admin.ask(http.StatusNoContent, "DELETE", "/faults", "")
	if left := admin.ask(http.StatusOK, "GET", "/faults", ""); left != "[]\n" {
		t.Error(left)
	}
	admin.ask(http.StatusCreated, "POST", "/faults", list) // what was read can be sent
	if answer := admin.ask(http.StatusBadRequest, "POST", "/faults", `{"operator":"costumer","drop":true}`); !strings.Contains(answer, "costumer") {
		t.Error(answer)
	}
	admin.ask(http.StatusMethodNotAllowed, "PUT", "/faults", "")
	admin.ask(http.StatusNotFound, "GET", "/", "")
}

func TestAdminStatsPacketsAndState(t *testing.T) {
	file := filepath.Join(t.TempDir(), "record.jsonl")
	s := newServer(t, func(o *Options) { o.RecordFile = file })
	c, admin := start(t, s), startAdmin(t, s)
	c.ask(addAlder+getIDs, added+lastID(2))
	c.as("admin", "hunter2").post("<packet>" + getIDs + "</packet>")
	s.Inject(Fault{Drop: true, Times: 1})
	_, _, _ = c.do("<packet>" + getIDs + "</packet>")

	if got := admin.ask(http.StatusOK, "GET", "/stats", ""); got != `{"packets":3,"operations":{"customer/add":1,"event_log/get-last-id":1},"writes":1}`+"\n" {
		t.Error(got)
	}
	admin.ask(http.StatusNoContent, "POST", "/stats/reset", "")
	if got := admin.ask(http.StatusOK, "GET", "/stats", ""); got != `{"packets":0,"operations":null,"writes":0}`+"\n" {
		t.Error(got)
	}

	lines := strings.SplitAfter(admin.ask(http.StatusOK, "GET", "/packets", ""), "\n")
	if len(lines) != 4 {
		t.Fatalf("%q", lines)
	}
	var records [3]Record
	for i := range records {
		if err := json.Unmarshal([]byte(lines[i]), &records[i]); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"vX9!rTq27#", DefaultPassword, "hunter2"} {
			if strings.Contains(lines[i], secret) {
				t.Errorf("%s is in %s", secret, lines[i])
			}
		}
	}
	first := records[0]
	if first.Login != "admin" || first.Peer != "127.0.0.1" || first.Status != 200 || strings.Join(first.Operations, " ") != "customer/add event_log/get-last-id" ||
		!strings.Contains(first.Request, "<passwd>[redacted]</passwd>") || !strings.Contains(first.Response, "<id>2</id>") || first.Headers["Http_auth_login"] != "admin" {
		t.Errorf("%+v", first)
	}
	if refused, dropped := records[1], records[2]; refused.Login != "" || !strings.Contains(refused.Response, "1001") || dropped.Status != 0 || dropped.Response != "" {
		t.Errorf("%+v\n%+v", refused, dropped)
	}
	if got := admin.ask(http.StatusOK, "GET", "/packets?operation=customer/add", ""); got != lines[0] {
		t.Error(got)
	}
	if got := admin.ask(http.StatusOK, "GET", "/packets?last=2", ""); got != lines[1]+lines[2] {
		t.Error(got)
	}
	admin.ask(http.StatusBadRequest, "GET", "/packets?last=none", "")
	admin.ask(http.StatusNoContent, "DELETE", "/packets", "")
	if got := admin.ask(http.StatusOK, "GET", "/packets", ""); got != "" {
		t.Error(got)
	}
	if err := os.Remove(file); err != nil { // a rotation
		t.Fatal(err)
	}
	c.ask(getIDs, lastID(2))
	if got := admin.ask(http.StatusOK, "GET", "/packets", ""); !strings.Contains(got, "get-last-id") {
		t.Error(got)
	}

	admin.ask(http.StatusBadRequest, "POST", "/fixed", `{"name":"max_db"}`)
	admin.ask(http.StatusNoContent, "POST", "/fixed", `{"names":["max_db"]}`)
	if got := c.descriptorOf("webspace", "get-limit-descriptor", `<filter/>`, "max_db"); got == "" || strings.Contains(got, "writable-by") {
		t.Errorf("a fixed limit: %s", got)
	}

	state := admin.ask(http.StatusOK, "GET", "/state", "")
	if !strings.Contains(state, `"Login":"alder"`) || strings.Contains(state, "vX9!rTq27#") {
		t.Error(state)
	}
}

func TestAdminWithoutRecordAndRestart(t *testing.T) {
	s := newServer(t)
	c, admin := start(t, s), startAdmin(t, s)
	c.ask(addAlder, added)
	admin.ask(http.StatusNotFound, "GET", "/packets", "")
	admin.ask(http.StatusNotFound, "DELETE", "/packets", "")
	admin.ask(http.StatusNoContent, "POST", "/restart?away=1ms", "")
	c.ask(countAlder, oneAlder)
	admin.ask(http.StatusBadRequest, "POST", "/restart?away=-1s", "")
	s.Stop()
	admin.ask(http.StatusConflict, "POST", "/restart", "")
}

// The endpoint is for programs on the same machine.
func TestAdminIsLocal(t *testing.T) {
	s := newServer(t)
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:0", "127.0.0.1"} {
		if url, err := s.StartAdmin(address); err == nil {
			t.Errorf("%s: %s", address, url)
		}
	}
	for _, test := range []struct {
		host, origin string
		status       int
	}{
		{"127.0.0.1:8080", "", http.StatusOK},
		{"localhost", "", http.StatusOK},
		{"[::1]:8080", "", http.StatusOK},
		{"rebound.example:8080", "", http.StatusForbidden},
		{"127.0.0.1:8080", "https://web.example", http.StatusForbidden},
	} {
		req := httptest.NewRequest("GET", "/stats", nil)
		req.Host = test.host
		if test.origin != "" {
			req.Header.Set("Origin", test.origin)
		}
		answer := httptest.NewRecorder()
		s.AdminHandler().ServeHTTP(answer, req)
		if answer.Code != test.status {
			t.Errorf("%+v: %d", test, answer.Code)
		}
	}
}
