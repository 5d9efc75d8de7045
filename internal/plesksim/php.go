// PHP handlers: what sites can run PHP with, and which of them the administrator has enabled (operators-services §12).

package plesksim

import (
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/phphandler"
)

// phpHandler is one way to run PHP. Its id is its only key.
type phpHandler struct {
	ID          string
	DisplayName string
	Version     string // e.g. 8.3
	FullVersion string
	Type        string // module, cgi, fastcgi or fpm
	Enabled     bool
}

// factoryPHPHandlers are those of a fresh server: those of the system, whose ids are their types, then the panel's own, the oldest first.
var factoryPHPHandlers = []phpHandler{
	{"module", "8.3.6 by OS vendor, Apache module", "8.3", "8.3.6", "module", true},
	{"cgi", "8.3.6 by OS vendor, CGI application", "8.3", "8.3.6", "cgi", true},
	{"fastcgi", "8.3.6 by OS vendor, FastCGI application", "8.3", "8.3.6", "fastcgi", true},
	{"plesk-php74-fpm", "7.4.33 by Plesk, FPM application", "7.4", "7.4.33", "fpm", false},
	{"plesk-php82-fpm", "8.2.28 by Plesk, FPM application", "8.2", "8.2.28", "fpm", true},
	{"plesk-php83-fpm", "8.3.20 by Plesk, FPM application", "8.3", "8.3.20", "fpm", true},
}

// phpHandlerEnabled tells whether sites may use the handler.
func (s *state) phpHandlerEnabled(id string) bool {
	h := s.phpHandler(id)
	return h != nil && h.Enabled
}

func (s *state) phpHandler(id string) *phpHandler {
	for i := range s.PHPHandlers {
		if s.PHPHandlers[i].ID == id {
			return &s.PHPHandlers[i]
		}
	}
	return nil
}

// defaultPHPHandler is the newest enabled handler, "" without any.
func (s *state) defaultPHPHandler() string {
	for i := len(s.PHPHandlers) - 1; i >= 0; i-- {
		if s.PHPHandlers[i].Enabled {
			return s.PHPHandlers[i].ID
		}
	}
	return ""
}

func phpHandlerOperations() []operation {
	return []operation{
		many("php-handler/get", administrator, phpHandlerGet),
		many("php-handler/enable", administrator, phpHandlerEnable),
		many("php-handler/disable", administrator, phpHandlerDisable),
		many("php-handler/get-usage", administrator, phpHandlerGetUsage),
	}
}

func phpHandlerMissing() *refusal {
	return refuse(xmlapi.CodeNotFound, "Php handler does not exists") // as the server spells it
}

// eachPHPHandler calls act for each handler that a filter selects, with nil for one that does not exist.
func (c *call) eachPHPHandler(f selector, act func(*phpHandler)) {
	if len(f.Values()) == 0 {
		for i := range c.PHPHandlers {
			act(&c.PHPHandlers[i])
		}
	}
	for _, id := range f.Values() {
		act(c.phpHandler(id))
	}
}

func (c *call) changePHPHandlers(f selector, change func(*phpHandler)) []phphandler.Result {
	var results []phphandler.Result
	c.eachPHPHandler(f, func(h *phpHandler) {
		if h == nil {
			results = append(results, phphandler.Result{Result: c.failure(phpHandlerMissing())})
			return
		}
		change(h)
		results = append(results, phphandler.Result{Handler: c.describePHPHandler(*h)})
	})
	return results
}

func phpHandlerGet(c *call, req xmlapi.QueryRequest) ([]phphandler.Result, error) {
	return c.changePHPHandlers(req.Filter, func(*phpHandler) {}), nil
}

func phpHandlerEnable(c *call, req xmlapi.FilterRequest) ([]phphandler.Result, error) {
	return c.changePHPHandlers(req.Filter, func(h *phpHandler) { h.Enabled = true }), nil
}

// phpHandlerDisable leaves the sites that use a handler as they are, but it can no longer be chosen.
func phpHandlerDisable(c *call, req xmlapi.FilterRequest) ([]phphandler.Result, error) {
	return c.changePHPHandlers(req.Filter, func(h *phpHandler) { h.Enabled = false }), nil
}

func (c *call) describePHPHandler(h phpHandler) *phphandler.Handler {
	d := &phphandler.Handler{
		ID: h.ID, DisplayName: h.DisplayName, FullVersion: h.FullVersion, Version: h.Version, Type: h.Type,
		Custom: strconv.FormatBool(false), HandlerStatus: phphandler.Disabled,
	}
	if h.Enabled {
		d.HandlerStatus = phphandler.Enabled
	}
	if c.onWindows() {
		home := `C:\Program Files (x86)\Plesk\Additional\PleskPHP` + strings.ReplaceAll(h.Version, ".", "")
		d.Path, d.CLIPath, d.Configuration = new(home+`\php-cgi.exe`), new(home+`\php.exe`), new(home+`\php.ini`)
		return d
	}
	if h.ID == h.Type {
		d.Path, d.CLIPath, d.Configuration = new("/usr/bin/php-cgi"), new("/usr/bin/php"), new("/etc/php/"+h.Version+"/cgi/php.ini")
		return d
	}
	home := "/opt/plesk/php/" + h.Version
	binary := home + "/bin/php-cgi"
	if h.Type == phphandler.FPM {
		binary = home + "/sbin/php-fpm"
	}
	d.Path, d.CLIPath, d.Configuration = new(binary), new(home+"/bin/php"), new(home+"/etc/php.ini")
	return d
}

// phpHandlerGetUsage answers the sites of each handler, by ascending id.
func phpHandlerGetUsage(c *call, req xmlapi.QueryRequest) ([]phphandler.GetUsageResult, error) {
	users := map[string][]phphandler.Domain{}
	for _, d := range c.Sites.All() {
		if id := d.Properties["php_handler_id"]; id != "" {
			users[id] = append(users[id], phphandler.Domain{ID: idKey(d.ID), Name: d.Name})
		}
	}
	var results []phphandler.GetUsageResult
	c.eachPHPHandler(req.Filter, func(h *phpHandler) {
		if h == nil {
			results = append(results, phphandler.GetUsageResult{Result: c.failure(phpHandlerMissing())})
			return
		}
		results = append(results, phphandler.GetUsageResult{Domains: users[h.ID]})
	})
	return results, nil
}
