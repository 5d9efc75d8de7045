// The initial setup.

package plesksim

import (
	"testing"
)

// An unconfigured server knows nothing but its setup.
func TestInitialSetup(t *testing.T) {
	s := newServer(t, func(o *Options) { o.Unconfigured = true })
	c := start(t, s)
	const contact = `<admin><admin_pname>Ada</admin_pname><admin_email>ada@firm.example</admin_email></admin>`
	setup := func(request string) string { return `<server><initial_setup>` + request + `</initial_setup></server>` }
	answer := func(want string) string { return setup(`<result>` + want + `</result>`) }

	for _, request := range []string{
		`<server><get_protos/></server>`, `<server><domain-restriction-list/></server>`, `<customer><get><filter/><dataset/></get></customer>`,
		`<server><get><gen_info/></get></server>` + setup(contact+`<password>Fresh-1-pass</password>`),
	} {
		c.ask(request, refused("1004"))
	}
	c.as("nobody", "x").ask(`<server><get_protos/></server>`, refused("1001"))
	c.ask(setup(contact+`<password>weak-</password>`)+`<server><get_protos/></server>`, answer(failed("1019"))+
		`<server><get_protos><result>`+failed("1004")+`</result></get_protos></server>`)
	c.ask(setup(contact+`<password>Fresh-1-pass</password><trial_license>true</trial_license>`), answer(failed("1023")))
	c.ask(setup(contact+`<password>Fresh-1-pass</password><server_name>no name</server_name>`), answer(failed("1019")))
	c.ask(setup(contact+`<password>Fresh-1-pass</password><server_name>web.firm.example</server_name>`)+`<server><get><session_setup/></get></server>`,
		answer(`<status>ok</status><server_name>web.firm.example</server_name>`)+
			`<server><get><result><status>ok</status><session_setup><login_timeout>30</login_timeout></session_setup></result></get></server>`)

	c.ask(`<server><get_protos/></server>`, refused("1001"))
	c = c.as(DefaultLogin, "Fresh-1-pass")
	c.ask(setup(contact+`<password>Fresh-2-pass</password>`), answer(failed("1023")))
	c.ask(`<server><get><gen_info/></get></server>`, `<server><get><result><status>ok</status><gen_info><server_name>web.firm.example</server_name>
		<server_guid>§</server_guid><external-id/><mode>standard</mode></gen_info></result></get></server>`)
}
