// The server operator: services, restarts, the mail queue, the store of names and values (operators-accounts-server §13.3).

package plesksim

import (
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// The states of services.
const (
	serviceRunning = "running"
	serviceStopped = "stopped"
	serviceAbsent  = "none"
)

// serverManageService starts and stops what server/get services_state lists. Services of extensions (ext-EXTENSION-SERVICE) are
// unknown: no extension that runs a service comes with the simulator.
func serverManageService(c *call, req server.ServiceManagementRequest) (server.ServiceManagementResult, error) {
	var none server.ServiceManagementResult
	at := slices.IndexFunc(c.Machine.Services, func(s service) bool { return s.ID == req.ID })
	if at < 0 {
		return none, refuse(xmlapi.CodeNotFound, "Unknown service: %s.", req.ID)
	}
	s := &c.Machine.Services[at]
	if s.State == serviceAbsent {
		return none, refuse(xmlapi.CodeComponentMissing, "The service %s is not installed.", req.ID)
	}
	if req.Operation != server.Start && s.State == serviceRunning {
		s.State, c.Stopped[s.ID] = serviceStopped, true
		c.event("service", "stopped", s.ID)
	}
	if req.Operation != server.Stop && s.State != serviceRunning {
		c.startService(s)
	}
	return server.ServiceManagementResult{IDs: []string{s.ID}}, nil
}

// serverReboot restarts the machine: its uptime starts again at zero, and services that were stopped by hand run again. The panel stays
// reachable; tests that want it to be away inject a fault.
func serverReboot(c *call, _ xmlapi.EmptyRequest) (xmlapi.Result, error) {
	c.Machine.Started = c.now
	for i := range c.Machine.Services {
		if s := &c.Machine.Services[i]; c.Stopped[s.ID] {
			c.startService(s)
		}
	}
	return xmlapi.Result{}, nil
}

func (c *call) startService(s *service) {
	s.State = serviceRunning
	delete(c.Stopped, s.ID)
	c.event("service", "started", s.ID)
}

// serverCleanMailQueue empties the queue of the SMTP server, which never holds anything here.
func serverCleanMailQueue(c *call, _ xmlapi.EmptyRequest) (xmlapi.Result, error) {
	if !c.mailServerInstalled() {
		return xmlapi.Result{}, refuse(xmlapi.CodeComponentMissing, "The mail server is not installed.")
	}
	return xmlapi.Result{}, nil
}

func serverSetMisc(c *call, req server.SetMiscRequest) ([]server.MiscResult, error) {
	var results []server.MiscResult
	for _, p := range req.Filter.Properties {
		if p.Name == "" {
			results = append(results, c.miscFailure(p.Name, refuse(xmlapi.CodeInvalidValue, "The name of the parameter is empty.")))
			continue
		}
		c.Misc[p.Name] = p.Value
		results = append(results, server.MiscResult{Property: &server.MiscProperty{Name: p.Name, Value: new(p.Value)}})
	}
	return results, nil
}

func serverGetMisc(c *call, req server.MiscRequest) ([]server.MiscResult, error) {
	var results []server.MiscResult
	for _, p := range req.Filter.Properties {
		value, known := c.Misc[p.Name]
		if !known && !c.opts.UnknownMiscIsEmpty {
			results = append(results, c.miscFailure(p.Name, noMisc(p.Name)))
			continue
		}
		results = append(results, server.MiscResult{Property: &server.MiscProperty{Name: p.Name, Value: new(value)}})
	}
	return results, nil
}

func serverDelMisc(c *call, req server.MiscRequest) ([]server.MiscResult, error) {
	var results []server.MiscResult
	for _, p := range req.Filter.Properties {
		if _, known := c.Misc[p.Name]; !known && !c.opts.UnknownMiscIsEmpty {
			results = append(results, c.miscFailure(p.Name, noMisc(p.Name)))
			continue
		}
		delete(c.Misc, p.Name)
		results = append(results, server.MiscResult{Property: &server.MiscProperty{Name: p.Name}})
	}
	return results, nil
}

func noMisc(name string) *refusal {
	return refuse(xmlapi.CodeNotFound, "The parameter %s does not exist.", name)
}

// miscFailure echoes the name that failed.
func (c *call) miscFailure(name string, err error) server.MiscResult {
	return server.MiscResult{Result: c.failure(err), Property: &server.MiscProperty{Name: name}}
}
