// The initial setup: before it is done, the server does nothing else (operators-accounts-server §13.3, protocol-core §9).

package plesksim

import (
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

var initialSetup = opName{"server", "initial_setup"}

func notConfigured() *refusal {
	return refuse(xmlapi.CodeNotConfigured, "The panel is not configured. Log in to the panel and complete its initial setup.")
}

// serverInitialSetup completes the initial setup. If any value is refused, nothing changes.
func serverInitialSetup(c *call, req server.InitialSetupRequest) (server.InitialSetupResult, error) {
	var none server.InitialSetupResult
	if !c.Unconfigured {
		return none, refuse(xmlapi.CodeFailed, "The initial setup of the panel is done already.")
	}
	admin, own, err := c.givenAdministrator(&req.Admin)
	if err != nil {
		return none, err
	}
	if err := c.checkPassword(admin.Login, req.Password.Reveal()); err != nil {
		return none, err
	}
	if req.TrialLicense != nil && *req.TrialLicense {
		return none, vendorUnreachable() // it issues trial licences
	}
	if req.ServerName != nil {
		name, err := parseDomainName(*req.ServerName)
		if err != nil {
			return none, err
		}
		c.Machine.Hostname = name.ascii
	}
	admin.Password = c.newPassword(req.Password.Reveal())
	c.changeAdministrator(admin, own)
	c.Unconfigured = false
	return server.InitialSetupResult{ServerName: c.Machine.Hostname}, nil
}

// refuses looks at a packet as a whole before anything of it is executed. A server that is not configured accepts only packets that start with
// its setup. Operations whose answers have no place for an error in the grammar (they only read) are tried before the others, so that their
// error can be the whole packet's.
func (s *Server) refuses(who caller, p *packet) *refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{state: s.state, opts: &s.opts, who: who, version: p.version, now: s.opts.Clock()}
	for i, b := range p.blocks {
		for j, st := range b.steps {
			if c.Unconfigured {
				if i > 0 || j > 0 {
					return nil // the setup comes first
				}
				if st.name != initialSetup {
					return notConfigured()
				}
			}
			if !st.statusless {
				continue
			}
			if _, err := st.run(c, st.execute); err != nil {
				return refusalOf(err)
			}
		}
	}
	return nil
}
