// Faults as JSON, and those that are refused.

package plesksim

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestFaultsAsJSON(t *testing.T) {
	want := Fault{
		Operator: "webspace", Operation: "add", Nth: 2, Times: 3, Probability: 0.5, Delay: 1500 * time.Millisecond, Code: 1023, Text: "T",
		System: true, Status: 502, Body: "B", Cut: 7, Drop: true, Hang: true, Restart: true, Away: 2 * time.Second, Executed: true,
		Without: []string{"id"}, With: map[string]string{"guid": "G"}, Repeat: 2,
	}
	const document = `{"operator":"webspace","operation":"add","nth":2,"times":3,"probability":0.5,"delay":"1.5s","code":1023,"text":"T",` +
		`"system":true,"status":502,"body":"B","cut":7,"drop":true,"hang":true,"restart":true,"away":"2s","executed":true,` +
		`"without":["id"],"with":{"guid":"G"},"repeat":2}`
	var got Fault
	if err := json.Unmarshal([]byte(document), &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	written, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var back Fault
	if err := json.Unmarshal(written, &back); err != nil || !reflect.DeepEqual(back, want) || !strings.Contains(string(written), `"delay":"1.5s"`) {
		t.Errorf("%s, %v", written, err)
	}
	if empty, err := json.Marshal(Fault{}); err != nil || string(empty) != "{}" {
		t.Errorf("%s, %v", empty, err)
	}
}

// A list is armed as a whole or not at all.
func TestFaultsThatAreRefused(t *testing.T) {
	s := newServer(t)
	for document, says := range map[string]string{
		``:                                     "faults:",
		`{}`:                                   "nothing would happen",
		`{"code":1023} {}`:                     "faults:",
		`{"code":1023,"operater":"dns"}`:       "operater",
		`{"delay":2}`:                          "faults:",
		`{"delay":"2"}`:                        "missing unit",
		`{"operator":"webspaces","drop":true}`: "no operation",
		`{"operator":"dns","operation":"add","drop":true}`: "no operation",
		`{"drop":true,"hang":true}`:                        "only one",
		`{"code":1023,"status":502}`:                       "only one",
		`{"code":1023,"probability":1.5}`:                  "probability",
		`{"drop":true,"times":-1}`:                         "negative",
		`{"delay":"-1s"}`:                                  "negative",
		`{"status":99}`:                                    "status",
		`{"drop":true,"system":true}`:                      "need a code",
		`{"drop":true,"away":"1s"}`:                        "restart",
		`{"code":1023,"repeat":2}`:                         "only one",
		`{"repeat":-1,"without":["id"]}`:                   "negative",
		`[{"drop":true},{"delay":"0s"}]`:                   "fault 2: nothing",
	} {
		if _, err := s.InjectJSON([]byte(document)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", document, err, says)
		}
	}
	if left := s.Faults(); len(left) != 0 {
		t.Errorf("%+v", left)
	}
	if _, err := s.InjectJSON([]byte(` [{"drop":true},{"operator":"dns","operation":"add_rec","code":1023,"delay":"1s"},{"body":"<html/>","status":502}] `)); err != nil {
		t.Error(err)
	}
	if armed := s.Faults(); len(armed) != 3 || armed[1].ID != 2 || armed[1].Fault.Delay != time.Second {
		t.Errorf("%+v", armed)
	}
}
