// The classification table and the texts of errors.

package xmlapi_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func TestClassify(t *testing.T) {
	// From the documents (the reduced list of error codes and what a client should make of them), not from the table.
	want := map[xmlapi.Class][]int{
		xmlapi.Transient:      {1023, 1027, 1031},
		xmlapi.Busy:           {1003, 1004, 1008, 1012},
		xmlapi.Denied:         {1001, 1010, 1011, 1029, 11003},
		xmlapi.Unlicensed:     {1009, 1030},
		xmlapi.UnknownVersion: {1005},
		xmlapi.Forbidden:      {1006},
		xmlapi.NotFound:       {1013, 1015},
		xmlapi.Exists:         {1002, 1007},
		xmlapi.Invalid:        {1014, 1017, 1018, 1019, 1025, 1026, 1032, 1033, 1050, 8002, 14006, 14008, 14009},
		xmlapi.Limit:          {1024},
	}
	listed := map[int]bool{}
	for class, codes := range want {
		for _, code := range codes {
			listed[code] = true
			if have := xmlapi.Classify(code); have != class {
				t.Errorf("%d is %s, want %s", code, have, class)
			}
		}
	}
	for code := range 20_000 {
		if class := xmlapi.Classify(code); !listed[code] && class != xmlapi.Transient {
			t.Errorf("%d is %s, but the documents do not know it", code, class)
		}
	}
}

func TestMeaning(t *testing.T) {
	for code := range 20_000 {
		if known := xmlapi.KnownCode(code); known != (xmlapi.Meaning(code) != "") {
			t.Errorf("%d is known: %t, and means %q", code, known, xmlapi.Meaning(code))
		}
	}
	if have, want := xmlapi.Meaning(1024), "limit reached"; have != want {
		t.Errorf("1024 means %q, want %q", have, want)
	}
}

func TestClassOf(t *testing.T) {
	denied := &xmlapi.Error{Class: xmlapi.Denied, Code: 1001}
	for name, test := range map[string]struct {
		err  error
		want xmlapi.Class
	}{
		"nil":                      {nil, ""},
		"an Error":                 {denied, xmlapi.Denied},
		"a wrapped Error":          {fmt.Errorf("customer acme: %w", denied), xmlapi.Denied},
		"a joined Error":           {errors.Join(io.EOF, denied), xmlapi.Denied},
		"what nobody classified":   {io.EOF, xmlapi.Transient},
		"an Error about an Error":  {&xmlapi.Error{Class: xmlapi.Transient, Err: denied}, xmlapi.Transient},
		"a cause that is no Error": {&xmlapi.Error{Class: xmlapi.Ambiguous, Err: io.EOF}, xmlapi.Ambiguous},
	} {
		if have := xmlapi.ClassOf(test.err); have != test.want {
			t.Errorf("%s: %q, want %q", name, have, test.want)
		}
	}
}

func TestErrorTexts(t *testing.T) {
	for want, err := range map[string]*xmlapi.Error{
		"webspace/add: Plesk error 1018: Ip address does not exist": {Code: 1018, Text: "Ip address does not exist", Operator: "webspace", Operation: "add"},
		"packet: Plesk error 1001: wrong":                           {Code: 1001, Text: "wrong", System: true},
		"dns/get_rec: no such object":                               {Operator: "dns", Operation: "get_rec", Err: xmlapi.ErrNone},
		"packet: EOF":                                               {Err: io.EOF},
	} {
		if err.Error() != want {
			t.Errorf("have %q, want %q", err, want)
		}
	}
	if !errors.Is(&xmlapi.Error{Err: xmlapi.ErrNone}, xmlapi.ErrNone) {
		t.Error("the cause is hidden")
	}
}
