// Traffic of sites by day, and the usage of their subscriptions that follows from it.

package plesksim

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	webspaceapi "github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func webspaceTrafficOperations() []operation {
	return []operation{
		many("webspace/get_traffic", anyone, webspaceGetTraffic).optional(),
		one("webspace/set_traffic", adminOrReseller, webspaceSetTraffic),
		one("webspace/get-changed", anyone, webspaceGetChanged),
	}
}

func total(t hosting.Traffic) int64 {
	return t.HTTPIn + t.HTTPOut + t.FTPIn + t.FTPOut + t.SMTPIn + t.SMTPOut + t.POP3IMAPIn + t.POP3IMAPOut
}

// trafficThisMonth is what sites had together in the current month.
func (c *call) trafficThisMonth(sites ...*site) int64 {
	month := c.now.Format("2006-01-")
	var sum int64
	for _, d := range sites {
		for _, day := range d.Traffic {
			if strings.HasPrefix(day.Date, month) {
				sum += total(day)
			}
		}
	}
	return sum
}

// trafficYesterday is what sites had together on the day before.
func (c *call) trafficYesterday(sites ...*site) int64 {
	yesterday := c.now.AddDate(0, 0, -1).Format(time.DateOnly)
	var sum int64
	for _, d := range sites {
		for _, day := range d.Traffic {
			if day.Date == yesterday {
				sum += total(day)
			}
		}
	}
	return sum
}

// trafficOf is what a site had on the days asked for.
func trafficOf(d *site, days hosting.Days) hosting.GetTrafficResult {
	var res hosting.GetTrafficResult
	for _, day := range d.Traffic { // dates compare as text
		if (days.Since == nil || day.Date >= *days.Since) && (days.To == nil || day.Date <= *days.To) {
			res.Traffic = append(res.Traffic, day)
		}
	}
	return res
}

// setTraffic replaces the mail traffic of one day of a site.
func (c *call) setTraffic(d *site, req hosting.SetTrafficRequest) (hosting.SetTrafficResult, error) {
	if min(req.SMTPIn, req.SMTPOut, req.POP3IMAPIn, req.POP3IMAPOut) < 0 {
		return hosting.SetTrafficResult{}, refuse(xmlapi.CodeInvalidValue, "Traffic cannot be negative.")
	}
	at, found := slices.BinarySearchFunc(d.Traffic, req.Date, func(t hosting.Traffic, date string) int { return cmp.Compare(t.Date, date) })
	if !found {
		d.Traffic = slices.Insert(d.Traffic, at, hosting.Traffic{Date: req.Date})
	}
	day := &d.Traffic[at]
	day.SMTPIn, day.SMTPOut, day.POP3IMAPIn, day.POP3IMAPOut = req.SMTPIn, req.SMTPOut, req.POP3IMAPIn, req.POP3IMAPOut
	c.usageChanged(d.Webspace)
	return hosting.SetTrafficResult{ID: d.ID}, nil
}

// webspaceGetTraffic answers the traffic of the main site. That of other sites is answered by site/get_traffic.
func webspaceGetTraffic(c *call, req webspaceapi.GetTrafficRequest) ([]hosting.GetTrafficResult, error) {
	return each(c, c.webspaces(), req.Filter, func(w *webspace) (hosting.GetTrafficResult, error) {
		return trafficOf(c.mainSiteOf(w), req.Days), nil
	})
}

func webspaceSetTraffic(c *call, req hosting.SetTrafficRequest) (hosting.SetTrafficResult, error) {
	w := c.Webspaces.Get(req.DomainID)
	if w == nil || !c.seesWebspace(w) {
		return hosting.SetTrafficResult{}, webspaceMissing()
	}
	return c.setTraffic(c.mainSiteOf(w), req)
}

// webspaceGetChanged names the subscriptions that the caller sees and whose usage changed at or after a time.
func webspaceGetChanged(c *call, req webspaceapi.GetChangedRequest) (webspaceapi.GetChangedResult, error) {
	from, err := parseDateTime(req.ResourceUsage.From)
	if err != nil {
		return webspaceapi.GetChangedResult{}, refuse(xmlapi.CodeInvalidValue, "The time '%s' is invalid.", req.ResourceUsage.From)
	}
	var res webspaceapi.GetChangedResult
	for _, w := range c.Webspaces.All() {
		if w.UsageChanged >= from.Unix() && c.seesWebspace(w) {
			res.Subscriptions = append(res.Subscriptions, webspaceapi.Changed{Name: c.mainSiteOf(w).Name, ID: idKey(w.ID), ExternalID: w.ExternalID})
		}
	}
	return res, nil
}

// parseDateTime reads ISO 8601, a zone being optional.
func parseDateTime(text string) (time.Time, error) {
	var err error
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05", time.DateOnly} {
		var t time.Time
		if t, err = time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, err
}
