// Seeds of fresh servers.

package plesksim

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A seed furnishes a fresh server once, with packets as anybody could send them.
func TestSeed(t *testing.T) {
	dir := t.TempDir()
	first, second, state := filepath.Join(dir, "first.xml"), filepath.Join(dir, "second.xml"), filepath.Join(dir, "state.json")
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(first, `<?xml version="1.0" encoding="UTF-8"?>
<!-- an account -->
<packet>`+addAlder+`</packet>
<?xml version="1.0"?>
<packet version="1.6.9.1">
  <webspace><add><gen_setup><name>alder.example</name><owner-login>alder</owner-login><ip_address>198.51.100.7</ip_address></gen_setup></add></webspace>
</packet>
`)
	write(second, `<packet><mail><create><filter><site-id>1</site-id><mailname><name>ada</name></mailname></filter></create></mail></packet>`)
	asked := func(o *Options) { o.SeedFiles, o.StateFile = []string{first, second}, state }
	for range 2 { // the second time the state is there: the seed would fail
		s := newServer(t, asked)
		behind(t, s, countAlder+`<mail><get_info><filter><site-id>1</site-id></filter></get_info></mail>`,
			oneAlder+`<mail><get_info><result><status>ok</status><mailname><id>1</id><name>ada</name><password/><antivir>off</antivir><description/></mailname></result></get_info></mail>`)
		s.Close()
	}

	for _, test := range []struct{ content, says string }{
		{"<packet>" + addAlder + "</packet>\n<packet>" + addAlder + "</packet>", "packet of line 2: customer/add failed with 1002: User account alder already exists."},
		{"<packet><customer><del><filter><login>oak</login></filter></del></customer></packet>", "customer/del for oak failed with 1013: Client does not exist"},
		{"<packet><server><get_everything/></server></packet>", "the whole packet failed with 1014: Parser error"},
		{"<customer/>", "customer is no packet"},
		{"<packet><customer>", "unexpected EOF"},
		{"hello", "text outside of packets"},
		{"  ", "no packet in it"},
	} {
		bad, state := filepath.Join(dir, "bad.xml"), filepath.Join(dir, "new.json")
		write(bad, test.content)
		_, err := New(Options{SeedFiles: []string{bad}, StateFile: state})
		if err == nil || !strings.Contains(err.Error(), test.says) || !strings.Contains(err.Error(), bad) {
			t.Errorf("%v, want %s", err, test.says)
		}
		if _, err := os.Stat(state); err == nil {
			t.Error("a server that was not made left its state")
		}
	}
}

// The few operations without a result element fail in sight, too.
func TestFailureWithoutAResult(t *testing.T) {
	err := firstFailure([]byte(`<packet><a><b><status>ok</status></b><c><d><status>error</status><errcode>1023</errcode><errtext>T</errtext></d></c></a></packet>`))
	if err == nil || err.Error() != "a/c/d failed with 1023: T" {
		t.Error(err)
	}
	if err := firstFailure([]byte(`<packet><a><result><status>ok</status><data><status>error</status></data></result></a></packet>`)); err != nil {
		t.Error(err)
	}
}
