package org.treatydb.examples.libraries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import net.sf.jasperreports.engine.JasperCompileManager;
import net.sf.jasperreports.engine.JasperExportManager;
import net.sf.jasperreports.engine.JasperFillManager;
import net.sf.jasperreports.engine.JasperPrint;
import net.sf.jasperreports.engine.JasperReport;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** JasperReports makes a PDF from a query with a parameter. */
@ExtendWith(WithServer.class)
class JasperReportsTest {

  private static void fill(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("drop table if exists report_sale");
      statement.execute("create table report_sale (id integer primary key, region varchar(10), product varchar(20), amount decimal(10, 2), "
          + "sold date, at timestamp)");
      statement.execute("insert into report_sale values (1, 'North', 'Tea', 12.50, date '2026-01-15', timestamp '2026-01-15 08:30:00'), "
          + "(2, 'South', 'Coffee', 99.99, date '2026-02-20', null), (3, 'North', 'Cocoa', 7.25, null, timestamp '2026-03-01 12:00:00'), "
          + "(4, 'North', 'Free sample', 0, date '2026-03-02', null)");
    }
  }

  @Test
  void aReportShowsTheRowsOfAQuery(ServerUrl url) throws Exception {
    JasperReport report;
    try (InputStream design = JasperReportsTest.class.getResourceAsStream("/reports/sales.jrxml")) {
      report = JasperCompileManager.compileReport(design);
    }
    byte[] pdf;
    try (Connection connection = DriverManager.getConnection(url.text())) {
      fill(connection);
      Map<String, Object> parameters = new HashMap<>();
      parameters.put("least", new BigDecimal("1.00"));
      JasperPrint print = JasperFillManager.fillReport(report, parameters, connection);
      assertEquals(1, print.getPages().size());
      pdf = JasperExportManager.exportReportToPdf(print);
    }
    String text;
    try (PDDocument document = Loader.loadPDF(pdf)) {
      text = new PDFTextStripper().getText(document);
    }
    assertTrue(text.contains("Sales by region") && text.contains("Total 119.74"), text);
    assertTrue(text.contains("Coffee") && text.contains("99.99") && text.contains("2026-02-20"), text);
    assertTrue(text.indexOf("Cocoa") < text.indexOf("Tea") && text.indexOf("Tea") < text.indexOf("Coffee"), text);
    assertTrue(!text.contains("Free sample"), text);
  }
}
