// The languages of the panel.

package plesksim

import (
	"strings"
	"testing"
)

func TestLocales(t *testing.T) {
	c := start(t, newServer(t))
	info := func(id, lang, country, used, on string) string {
		return `<result><status>ok</status><filter-id>` + id + `</filter-id><id>` + id + `</id><info><id>` + id + `</id><lang>` + lang + `</lang><country>` + country +
			`</country><used>` + used + `</used><enabled>` + on + `</enabled></info></result>`
	}
	ids := func(list string) string {
		return `<filter><id>` + strings.Join(strings.Fields(list), `</id><id>`) + `</id></filter>`
	}
	c.ask(`<locale><disable>`+ids("de-DE en-US xx")+`</disable><get>`+ids("en-US de-DE")+`</get><enable>`+ids("de-DE")+`</enable>
		<get-message><filter><key>limit__max_site</key><key>none</key></filter><id>de-DE</id></get-message>
		<get-message><filter><key>limit__max_site</key></filter><id>xx</id></get-message></locale>`,
		`<locale><disable><result><status>ok</status><filter-id>de-DE</filter-id><id>de-DE</id></result><result>`+failed("1023")+`<filter-id>en-US</filter-id></result>
			<result>`+failed("1013")+`<filter-id>xx</filter-id></result></disable>
		<get>`+info("en-US", "English", "United States", "1", "true")+info("de-DE", "German", "Germany", "0", "false")+`</get>
		<enable><result><status>ok</status><filter-id>de-DE</filter-id><id>de-DE</id></result></enable>
		<get-message><result><status>ok</status><filter-id>limit__max_site</filter-id><id>de-DE</id><message>Max site</message></result>
			<result>`+failed("1013")+`<filter-id>none</filter-id></result></get-message>
		<get-message><result>`+failed("1013")+`</result></get-message></locale>`)
	if all := c.post(`<packet><locale><get><filter/></get></locale></packet>`); strings.Count(all, "<info>") != len(factoryLanguages) {
		t.Error(all)
	}
}
