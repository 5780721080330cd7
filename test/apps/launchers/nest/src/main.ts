import "reflect-metadata";
import { Controller, Get, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";

const { takeOrder } = require("../../shop.cjs") as { takeOrder(): string };

@Controller()
class Shop {
  @Get("order")
  order(): string {
    return takeOrder();
  }

  @Get("end")
  end(): string {
    setTimeout(() => process.exit(0), 50);
    return "ending";
  }
}

@Module({ controllers: [Shop] })
class App {}

NestFactory.create(App, { logger: false })
  .then((app) => app.listen(Number(process.env.SHOP_PORT), "127.0.0.1"))
  .then(() => console.log("shop open"));
