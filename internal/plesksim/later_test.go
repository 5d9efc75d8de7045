// Servers of older protocols: what they list, refuse and leave out.

package plesksim

import (
	"fmt"
	"strings"
	"testing"
)

// Each version brings something; up to the one before, packets with it are refused as a whole, and nothing in them is executed.
func TestOlderVersionsRefuseWhatCameLater(t *testing.T) {
	plan := func(inside string) string {
		return `<service-plan><add><name>small</name>` + inside + `</add></service-plan>`
	}
	const added = `<service-plan><add><result><status>ok</status><id>§</id><guid>§</guid></result></add></service-plan>`
	for _, c := range []struct{ since, operators string }{
		{"1.6.4.0", `<webspace><get><filter/><dataset><resource-usage/></dataset></get></webspace>`},
		{"1.6.5.0", `<site><get><filter><parent-site-id>1</parent-site-id></filter><dataset/></get></site>`},
		{"1.6.5.0", `<site><get><filter><parent-site-name>a.test</parent-site-name></filter><dataset/></get></site>`},
		{"1.6.5.0", `<site><get><filter><parent-site-guid>a</parent-site-guid></filter><dataset/></get></site>`},
		{"1.6.5.0", `<service-plan><duplicate><filter><id>1</id></filter><duplicate-name>b</duplicate-name></duplicate></service-plan>`},
		{"1.6.5.0", `<site><add><gen_setup><name>a.test</name></gen_setup><hosting><std_fwd><dest_url>b.test</dest_url><http_code>301</http_code></std_fwd></hosting></add></site>`},
		{"1.6.5.0", `<site-alias><create><pref><seo-redirect>true</seo-redirect></pref><site-id>1</site-id><name>b.test</name></create></site-alias>`},
		{"1.6.5.0", plan(`<web-server-settings><additional>x</additional></web-server-settings>`)},
		{"1.6.6.0", `<reseller><add><gen-info><pname>A</pname><login>alder</login><passwd>pass-42x</passwd><power-user>true</power-user></gen-info></add></reseller>`},
		{"1.6.6.0", `<event_log><get_events/></event_log>`},
		{"1.6.6.0", `<event_log><get-last-id/></event_log>`},
		{"1.6.8.0", plan(`<web-server-settings><nginx-proxy-mode>true</nginx-proxy-mode></web-server-settings>`)},
		{"1.6.8.0", `<server><get><certificates/></get></server>`},
	} {
		for _, version := range []string{"1.6.3.5", "1.6.4.0", "1.6.5.0", "1.6.6.0", "1.6.7.0", "1.6.8.0", "1.6.9.0", NewestVersion} {
			old := newServer(t, func(o *Options) { o.Protocol = version })
			// It is the first thing in its packet that is refused, on its line.
			answer := string(old.Packet([]byte("<packet>\n" + addAlder + "\n" + c.operators + "</packet>")))
			refusal := "<errcode>1014</errcode><errtext>Parser error: Request is invalid. Error in line 3: Element '"
			if is := strings.Contains(answer, refusal); is != (compareVersions(version, c.since) < 0) {
				t.Errorf("%s, %s:\n%s", version, c.operators, answer)
			} else if is {
				behind(t, old, countAlder, noAlder)
			}
			// A new server refuses it of a packet that names the old version, with the same words.
			pinned := string(newServer(t).Packet([]byte(`<packet version="` + version + "\">\n" + addAlder + "\n" + c.operators + "</packet>")))
			if strings.Contains(answer, refusal) && pinned != answer {
				t.Errorf("%s, %s:\n%s\nby itself\n%s", version, c.operators, pinned, answer)
			}
		}
	}
	expect(t, string(newServer(t, func(o *Options) { o.Protocol = "1.6.4" }).Packet([]byte(`<packet>`+plan("")+`</packet>`))), added)
}

func compareVersions(a, b string) int {
	at := func(v string) (i int) {
		for i = range protocols {
			if protocols[i] == v {
				break
			}
		}
		return i
	}
	return at(a) - at(b)
}

// Names of limits and properties are no matter of the grammar: the operation is refused that names what its version does not have.
func TestOlderVersionsDoNotKnowLaterNames(t *testing.T) {
	for name, since := range map[string]string{"unpaid_website_status": "1.6.5.0", "wu_script": "1.0.0.0"} {
		value := map[string]string{"unpaid_website_status": "disabled", "wu_script": "true"}[name]
		for _, version := range []string{"1.6.4.0", "1.6.5.0", NewestVersion} {
			s := newServer(t, func(o *Options) { o.Protocol = version })
			want := `<status>ok</status><id>§</id><guid>§</guid>`
			if compareVersions(version, since) < 0 {
				want = failed("1019")
			}
			behind(t, s, fmt.Sprintf(`<service-plan><add><name>small</name><hosting><property><name>%s</name><value>%s</value></property></hosting></add></service-plan>`, name, value),
				`<service-plan><add><result>`+want+`</result></add></service-plan>`)
		}
	}
}

// What there is, as each version shows it; what was written with a newer one stays.
func TestOlderVersionsLeaveOutWhatCameLater(t *testing.T) {
	s := newServer(t)
	behind(t, s, `<service-plan><add><name>small</name><hosting><property><name>unpaid_website_status</name><value>disabled</value></property></hosting>
		<web-server-settings><additional>x</additional><nginx-proxy-mode>false</nginx-proxy-mode></web-server-settings></add></service-plan>`,
		`<service-plan><add><result><status>ok</status><id>§</id><guid>§</guid></result></add></service-plan>`)
	const asked = `<service-plan><get><filter><name>small</name></filter></get></service-plan>` +
		`<service-plan><get-physical-hosting-descriptor><filter><name>small</name></filter></get-physical-hosting-descriptor></service-plan>`
	for version, shown := range map[string][]bool{"1.6.4.0": {false, false, false}, "1.6.5.0": {true, true, false}, "1.6.7.0": {true, true, false}, "1.6.8.0": {true, true, true}, "": {true, true, true}} {
		attribute := ""
		if version != "" {
			attribute = ` version="` + version + `"`
		}
		answer := string(s.Packet([]byte(`<packet` + attribute + `>` + asked + `</packet>`)))
		for i, part := range []string{"<name>unpaid_website_status</name>", "<web-server-settings>", "<nginx-proxy-mode>"} {
			if strings.Contains(answer, part) != shown[i] {
				t.Errorf("%s, %s:\n%s", version, part, answer)
			}
		}
		contains(t, []byte(answer), "<name>wu_script</name>")
	}
}

func TestOlderServersSayWhatTheySpeak(t *testing.T) {
	s := newServer(t, func(o *Options) { o.Protocol = "1.6.5" })
	c := start(t, s)
	const asks = `<server><get_protos/></server>`
	answer := c.post(`<packet>` + asks + `</packet>`)
	contains(t, []byte(answer), `<packet version="1.6.5.0">`)
	contains(t, []byte(answer), `<proto>1.6.4.0</proto><proto>1.6.5.0</proto></protos>`)
	for _, version := range []string{"1.6.6.0", "1.6.9.1", "1.6.9"} {
		expect(t, c.post(`<packet version="`+version+`">`+asks+`</packet>`), refused("1005"))
	}
	contains(t, []byte(c.post(`<packet version="1.6">`+asks+`</packet>`)), `<packet version="1.6.5.0">`)
	contains(t, []byte(c.post(`<packet version="1.6.4.0">`+asks+`</packet>`)), `<packet version="1.6.4.0">`)

	for _, unknown := range []string{"1.6.9.2", "2", "newest"} {
		if _, err := New(Options{Protocol: unknown}); err == nil {
			t.Errorf("there is a server that speaks %s", unknown)
		}
	}
}
