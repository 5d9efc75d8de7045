// What a mail account is made of, and how update changes it.

package plesksim

import "testing"

func TestMailSet(t *testing.T) {
	_, c := mailServer(t)
	c.ask(createMail(`<name>a</name><mailbox><enabled>true</enabled></mailbox><forwarding><enabled>true</enabled><address>x@hub.example</address></forwarding><alias>b</alias>`),
		mailCreated(newMail(1, "a")))
	const rest = `<password/><antivir>off</antivir><description/>`
	for _, step := range []struct{ name, change, shown string }{
		{"nothing", ``, `<mailbox><enabled>true</enabled><quota>-1</quota></mailbox>
			<forwarding><enabled>true</enabled><address>x@hub.example</address></forwarding><alias>b</alias>` + noReply + rest},
		{"lists are replaced", `<forwarding><address>y@hub.example</address><address>z@hub.example</address></forwarding><alias>c</alias><alias>b</alias>`,
			`<mailbox><enabled>true</enabled><quota>-1</quota></mailbox><forwarding><enabled>true</enabled><address>y@hub.example</address><address>z@hub.example</address></forwarding>
			<alias>c</alias><alias>b</alias>` + noReply + rest},
		{"off and on again with no address given", `<mailbox><quota>1048576</quota></mailbox><forwarding><enabled>true</enabled></forwarding>`,
			`<mailbox><enabled>true</enabled><quota>1048576</quota></mailbox><forwarding><enabled>true</enabled><address>y@hub.example</address><address>z@hub.example</address></forwarding>
			<alias>c</alias><alias>b</alias>` + noReply + rest},
		{"off without an address clears", `<mailbox><enabled>false</enabled></mailbox><forwarding><enabled>false</enabled></forwarding>`,
			`<mailbox><enabled>false</enabled><quota>1048576</quota></mailbox>` + noForwarding + `<alias>c</alias><alias>b</alias>` + noReply + rest},
		{"a reply is merged", `<autoresponder><enabled>true</enabled><subject>Re:  away</subject><text>until
 Monday</text></autoresponder>`,
			`<mailbox><enabled>false</enabled><quota>1048576</quota></mailbox>` + noForwarding + `<alias>c</alias><alias>b</alias>
			<autoresponder><enabled>true</enabled><subject>Re:  away</subject><content_type>text/plain</content_type><charset>UTF-8</charset><text>until
 Monday</text></autoresponder>` + rest},
		{"and merged again", `<autoresponder><subject>away</subject><content_type>text/html</content_type><charset>UTF-8</charset>
			<attachment><tmp-name>/tmp/php1</tmp-name><file-name>map.png</file-name></attachment><forward>x@hub.example</forward><end_date>2026-02-01</end_date></autoresponder>`,
			`<mailbox><enabled>false</enabled><quota>1048576</quota></mailbox>` + noForwarding + `<alias>c</alias><alias>b</alias>
			<autoresponder><enabled>true</enabled><subject>away</subject><content_type>text/html</content_type><charset>UTF-8</charset><text>until
 Monday</text><attachment><tmp-name>/tmp/php1</tmp-name><file-name>map.png</file-name></attachment><forward>x@hub.example</forward><end_date>2026-02-01</end_date></autoresponder>` + rest},
	} {
		t.Run(step.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(updateMail("set", `<id>1</id><name>a</name>`+step.change), mailUpdated("set", "a"))
			c.ask(getMail("a"), mailShown(`<id>1</id><name>a</name>`+step.shown))
		})
	}
	c.ask(updateMail("set", `<name>a</name><cp-access>true</cp-access><password><value>Zq7-gloomy-Dusk</value></password><antivir>inout</antivir>
		<outgoing-messages-mbox-limit>50</outgoing-messages-mbox-limit><description>desk</description>`), mailUpdated("set", "a"))
	c.ask(`<mail><get_info><filter><site-id>1</site-id></filter></get_info></mail>`, mailShown(`<id>1</id><name>a</name><password/><antivir>inout</antivir>
		<outgoing-messages-mbox-limit>50</outgoing-messages-mbox-limit><description>desk</description>`))
	for name, account := range map[string]string{
		"1013 id of another":     `<id>9</id><name>a</name>`,
		"1013 unknown user":      `<name>a</name><user-guid>5b0c6c0e-6f1d-4a57-9d0c-2f6c1a8e4b10</user-guid>`,
		"1019 empty alias":       `<name>a</name><alias/>`,
		"1019 address as alias":  `<name>a</name><alias>x@alder.test</alias>`,
		"1019 forwarding":        `<name>a</name><forwarding><enabled>true</enabled></forwarding>`,
		"1019 weak password":     `<name>a</name><password><value>weak</value></password><description>x</description>`,
		"1007 alias of its name": `<name>a</name><alias>a</alias>`,
	} {
		t.Run(name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(updateMail("set", account), `<mail><update><set><result>`+failed(name[:4])+`<mailname><name>a</name></mailname></result></set></update></mail>`)
			c.has(getMail("a"), `<alias>c</alias><alias>b</alias>`, `<description>desk</description>`)
		})
	}
}

func TestMailLists(t *testing.T) {
	_, c := mailServer(t)
	c.ask(createMail(`<name>a</name><forwarding><enabled>true</enabled><address>x@hub.example</address></forwarding><alias>b</alias>`, `<name>other</name>`),
		mailCreated(newMail(1, "a"), newMail(2, "other")))
	const rest = `<password/><antivir>off</antivir><description/>`
	for _, step := range []struct{ name, kind, change, shown string }{
		{"add", "add", `<forwarding><address>y@hub.example</address><address>x@hub.example</address></forwarding><alias>c</alias>`,
			noMailbox + `<forwarding><enabled>true</enabled><address>x@hub.example</address><address>y@hub.example</address></forwarding><alias>b</alias><alias>c</alias>` + noReply + rest},
		{"take out", "remove", `<forwarding><address>x@hub.example</address></forwarding><alias>b</alias><alias>never</alias>`,
			noMailbox + `<forwarding><enabled>true</enabled><address>y@hub.example</address></forwarding><alias>c</alias>` + noReply + rest},
		{"take out the last", "remove", `<forwarding><address>y@hub.example</address></forwarding><alias>c</alias>`, noMailbox + noForwarding + noReply + rest},
		{"add to nothing", "add", `<forwarding><enabled>true</enabled><address>y@hub.example</address></forwarding>
			<autoresponder><enabled>true</enabled><text>away</text><attachment><file-name>1.png</file-name></attachment></autoresponder>`,
			noMailbox + `<forwarding><enabled>true</enabled><address>y@hub.example</address></forwarding>
			<autoresponder><enabled>true</enabled><subject>Re: &lt;request_subject&gt;</subject><content_type>text/plain</content_type><charset>UTF-8</charset><text>away</text><attachment><file-name>1.png</file-name></attachment></autoresponder>` + rest},
		{"another attachment", "add", `<autoresponder><attachment><file-name>2.png</file-name></attachment></autoresponder>`,
			noMailbox + `<forwarding><enabled>true</enabled><address>y@hub.example</address></forwarding>
			<autoresponder><enabled>true</enabled><subject>Re: &lt;request_subject&gt;</subject><content_type>text/plain</content_type><charset>UTF-8</charset><text>away</text><attachment><file-name>1.png</file-name></attachment><attachment><file-name>2.png</file-name></attachment></autoresponder>` + rest},
		{"without the first one", "remove", `<autoresponder><attachment><file-name>1.png</file-name></attachment></autoresponder>`,
			noMailbox + `<forwarding><enabled>true</enabled><address>y@hub.example</address></forwarding>
			<autoresponder><enabled>true</enabled><subject>Re: &lt;request_subject&gt;</subject><content_type>text/plain</content_type><charset>UTF-8</charset><text>away</text><attachment><file-name>2.png</file-name></attachment></autoresponder>` + rest},
		{"without the reply", "remove", `<autoresponder/>`,
			noMailbox + `<forwarding><enabled>true</enabled><address>y@hub.example</address></forwarding>` + noReply + rest},
	} {
		t.Run(step.name, func(t *testing.T) {
			c := *c
			c.t = t
			c.ask(updateMail(step.kind, `<name>a</name>`+step.change), mailUpdated(step.kind, "a"))
			c.ask(getMail("a"), mailShown(`<id>1</id><name>a</name>`+step.shown))
		})
	}
	c.ask(updateMail("add", `<name>a</name><alias>other</alias>`, `<name>other</name><alias>free</alias>`),
		`<mail><update><add><result>`+failed("1007")+`<mailname><name>a</name></mailname></result>
		<result><status>ok</status><mailname><name>other</name></mailname></result></add></update></mail>`)
}
